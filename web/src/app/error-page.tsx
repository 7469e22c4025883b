import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';
import { paths } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';

/** A page broke; the rest of the app still works. */
export function ErrorPage() {
  const { t } = useTranslation();
  const error = useRouteError();
  useTitle(t('errors.pageBroke'));
  const detail = error instanceof Error ? error.message : String(error);
  return (
    <div role="alert" className="mx-auto grid max-w-md justify-items-start gap-3 px-4 py-24">
      <h1 className="text-20 font-semibold">{t('errors.pageBroke')}</h1>
      <p className="text-quiet">{t('errors.pageBrokeText')}</p>
      <p className="font-mono text-12 break-all text-quiet">{detail}</p>
      <div className="mt-2 flex gap-2">
        <Button onClick={() => window.location.reload()}>{t('errors.reload')}</Button>
        <Button asChild variant="secondary">
          <Link to={paths.home}>{t('errors.home')}</Link>
        </Button>
      </div>
    </div>
  );
}
