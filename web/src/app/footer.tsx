import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { configQuery } from '@/api/config';
import { paths } from '@/lib/paths';

/** Quiet facts at the foot of reading pages. It waits for the page above it, and leaves a trading desk its whole height. */
export function Footer() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const { data: config } = useQuery(configQuery);
  if (pathname.startsWith('/trade')) return null;
  return (
    <footer className="mt-10 border-t border-line py-5 text-13 text-quiet group-has-[[data-page-skeleton]]/shell:hidden">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-5 gap-y-2 px-4 md:px-6">
        <span className="mr-auto w-full sm:w-auto">{t('footer.promise')}</span>
        {config?.dev_mail_enabled === true && <a href={paths.devMail}>{t('footer.devMail')}</a>}
        {config !== undefined && config.environment !== 'production' && (
          <a href={paths.docs}>{t('footer.api')}</a>
        )}
        <Link to={paths.status}>{t('nav.status')}</Link>
        {config !== undefined && <span className="num">v{config.version}</span>}
      </div>
    </footer>
  );
}
