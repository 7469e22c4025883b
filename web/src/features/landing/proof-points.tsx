import { BookCheck, HardDriveDownload, ScanSearch, ServerCog } from 'lucide-react';
import { useTranslation } from 'react-i18next';

const POINTS = [
  { key: 'written', icon: HardDriveDownload },
  { key: 'balanced', icon: BookCheck },
  { key: 'replayed', icon: ScanSearch },
  { key: 'yours', icon: ServerCog },
] as const;

/** What this exchange promises, and how one can check it. */
export function ProofPoints() {
  const { t } = useTranslation('landing');
  return (
    <section aria-labelledby="proof" className="grid gap-6">
      <h2 id="proof" className="text-20 font-semibold">
        {t('proof.title')}
      </h2>
      <ul className="grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-4">
        {POINTS.map(({ key, icon: Icon }) => (
          <li key={key} className="grid content-start gap-2 border-t border-line pt-4">
            <Icon className="size-5 text-brand" aria-hidden />
            <h3 className="font-medium">{t(`proof.${key}.title`)}</h3>
            <p className="text-quiet">{t(`proof.${key}.text`)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
