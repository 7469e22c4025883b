import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { loginPath, paths } from '@/lib/paths';
import { Button } from '@/ui/button';

/** Stands in the ticket's place for a visitor. */
export function SignedOutTicket() {
  const { t } = useTranslation('trade');
  const { pathname } = useLocation();
  return (
    <div className="grid gap-2 p-4">
      <h2 className="text-16 font-semibold">{t('ticket.signInTitle')}</h2>
      <p className="text-13 text-quiet">{t('ticket.signInText')}</p>
      <div className="mt-2 grid grid-cols-2 gap-2">
        <Button asChild>
          <Link to={loginPath(pathname)}>{t('ticket.logIn')}</Link>
        </Button>
        <Button asChild variant="secondary">
          <Link to={paths.signup}>{t('ticket.signUp')}</Link>
        </Button>
      </div>
    </div>
  );
}
