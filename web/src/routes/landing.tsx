import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useUser } from '@/api/session';
import { BookPreview } from '@/features/landing/book-preview';
import { FirstSteps } from '@/features/landing/first-steps';
import { PriceStrip } from '@/features/landing/price-strip';
import { ProofPoints } from '@/features/landing/proof-points';
import { paths } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';

export function Component() {
  const { t } = useTranslation('landing');
  const user = useUser();
  useTitle('');
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-12 px-4 py-8 md:gap-16 md:px-6 md:py-14">
      <div className="grid items-center gap-10 lg:grid-cols-[1fr_22rem] lg:gap-16">
        <div className="grid justify-items-start gap-5">
          <h1 className="max-w-xl text-28 font-semibold tracking-tight md:text-40">{t('headline')}</h1>
          <p className="max-w-xl text-16 text-normal">{t('lead')}</p>
          <div className="flex flex-wrap gap-3 pt-1">
            <Button asChild size="lg" className="px-5 sm:px-6">
              <Link to={user === null ? paths.signup : paths.dashboard}>
                {t(user === null ? 'start' : 'toDashboard')}
              </Link>
            </Button>
            <Button asChild size="lg" variant="secondary" className="px-5 sm:px-6">
              <Link to={paths.markets}>{t('seeMarkets')}</Link>
            </Button>
          </div>
        </div>
        <BookPreview />
      </div>
      <PriceStrip />
      <ProofPoints />
      <FirstSteps />
    </div>
  );
}
