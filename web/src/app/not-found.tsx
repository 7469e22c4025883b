import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t('notFound.title'));
  return (
    <div className="mx-auto grid max-w-md justify-items-start gap-3 px-4 py-24">
      <p className="font-mono num text-13 text-quiet">404</p>
      <h1 className="text-20 font-semibold">{t('notFound.title')}</h1>
      <p className="text-quiet">{t('notFound.text')}</p>
      <div className="mt-2 flex gap-2">
        <Button asChild>
          <Link to={paths.markets}>{t('notFound.markets')}</Link>
        </Button>
        <Button asChild variant="secondary">
          <Link to={paths.home}>{t('errors.home')}</Link>
        </Button>
      </div>
    </div>
  );
}
