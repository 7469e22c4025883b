import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { twoFactorQuery } from '@/api/second-factor';
import { ownPath } from '@/lib/paths';
import { Button } from '@/ui/button';
import { Note } from '@/ui/note';

/** For whoever was sent here to set up a second step: what to do, and then the way back. */
export function WayBack() {
  const { t } = useTranslation('security');
  const [query] = useSearchParams();
  const { data: factors } = useQuery(twoFactorQuery);
  const back = ownPath(query.get('next'));
  if (back === null || factors === undefined) return null;
  return (
    <Note tone={factors.enabled ? 'info' : 'warn'}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="min-w-0 flex-1 basis-64 text-pretty">
          {t(factors.enabled ? 'wayBack.done' : 'wayBack.todo')}
        </span>
        <Button asChild size="sm" variant={factors.enabled ? 'primary' : 'secondary'}>
          <Link to={back}>{t('wayBack.action')}</Link>
        </Button>
      </div>
    </Note>
  );
}
