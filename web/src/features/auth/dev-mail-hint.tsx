import { useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { configQuery } from '@/api/config';
import { paths } from '@/lib/paths';

/** Where mail is kept instead of sent: on a development server. */
export function DevMailHint({ email }: { email: string }) {
  const { t } = useTranslation('auth');
  const { data: config } = useQuery(configQuery);
  if (config?.dev_mail_enabled !== true) return null;
  return (
    <p className="flex items-start gap-2.5 rounded-control bg-info/10 px-3 py-2.5 text-14 text-normal">
      <Mail className="mt-0.5 size-4 shrink-0 text-info" aria-hidden />
      <span>
        {t('verify.devMail')}{' '}
        <a
          className="font-medium text-brand hover:underline"
          href={`${paths.devMail}?to=${encodeURIComponent(email)}`}
          target="_blank"
          rel="noreferrer"
        >
          {t('verify.devMailLink')}
        </a>
      </span>
    </p>
  );
}
