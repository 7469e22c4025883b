import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What stands below the form, after a word that it is another way. */
export function OtherWays({ children }: { children: ReactNode }) {
  const { t } = useTranslation('auth');
  return (
    <div className="grid gap-3">
      <div aria-hidden className="mb-1 flex items-center gap-3 text-13 text-quiet">
        <span className="h-px flex-1 bg-line" />
        {t('passkey.or')}
        <span className="h-px flex-1 bg-line" />
      </div>
      {children}
    </div>
  );
}
