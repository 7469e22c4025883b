import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';
import { paths } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/copy-button';

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
      <p className="flex w-full items-center gap-2 rounded-control bg-raised py-1 pr-1 pl-3 font-mono text-12 wrap-anywhere text-quiet">
        <span className="flex-1">{detail}</span>
        <CopyButton text={detail} label={t('copy')} copiedLabel={t('copied')} />
      </p>
      <div className="mt-2 flex gap-2">
        <Button onClick={() => window.location.reload()}>{t('errors.reload')}</Button>
        <Button asChild variant="secondary">
          <Link to={paths.home}>{t('errors.home')}</Link>
        </Button>
      </div>
    </div>
  );
}
