import { Monitor, Smartphone, Terminal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import type { SessionItem } from '@/api/types';
import { formatAgo, formatDateTime } from '@/lib/dates';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ItemRow } from '@/ui/item-row';
import { toast } from '@/ui/toast';
import { useEndSession } from './sessions-api';

function DeviceIcon({ device }: { device: string }) {
  if (/iPhone|iPad|Android/.test(device)) return <Smartphone aria-hidden />;
  return device.includes(' on ') ? <Monitor aria-hidden /> : <Terminal aria-hidden />;
}

export function SessionRow({ session }: { session: SessionItem }) {
  const { t, i18n } = useTranslation('sessions');
  const end = useEndSession();
  const seen = formatAgo(session.last_seen_at, i18n.language);
  const logOut = () =>
    end.mutate(session.id, {
      onSuccess: () => toast.success(t('ended', { device: session.device })),
      onError: (error) => toast.error(errorText(error)),
    });
  return (
    <ItemRow
      icon={<DeviceIcon device={session.device} />}
      title={
        <>
          {session.device}
          {session.current && <Badge tone="buy">{t('current')}</Badge>}
        </>
      }
      text={
        <>
          <span className="block">
            {session.place} · <span className="num">{session.address}</span>
          </span>
          <span className="block" title={formatDateTime(session.last_seen_at, i18n.language)}>
            {t('facts', { seen, since: formatDateTime(session.created_at, i18n.language) })}
          </span>
        </>
      }
    >
      {!session.current && (
        <Button
          variant="danger"
          size="sm"
          busy={end.isPending}
          aria-label={t('endLabel', { device: session.device })}
          onClick={logOut}
        >
          {t('end')}
        </Button>
      )}
    </ItemRow>
  );
}
