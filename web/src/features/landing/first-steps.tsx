import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { configQuery } from '@/api/config';

/** From nothing to the first trade. Without a faucet (in production) the second step is a deposit. */
export function FirstSteps() {
  const { t } = useTranslation('landing');
  const { data: config } = useQuery(configQuery);
  const second = config?.faucet_enabled === false ? 'deposit' : 'faucet';
  return (
    <section aria-labelledby="steps" className="grid gap-6">
      <h2 id="steps" className="text-20 font-semibold">
        {t('steps.title')}
      </h2>
      <ol className="grid gap-x-8 gap-y-6 sm:grid-cols-3">
        {(['account', second, 'order'] as const).map((key, index) => (
          <li key={key} className="grid content-start gap-2 border-t border-line pt-4">
            <span aria-hidden className="font-mono num text-13 text-brand">
              {index + 1}
            </span>
            <h3 className="font-medium">{t(`steps.${key}.title`)}</h3>
            <p className="text-quiet">{t(`steps.${key}.text`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
