import { useQuery } from '@tanstack/react-query';
import { Link2, Wallet } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IdentityItem } from '@/api/types';
import { formatDate } from '@/lib/dates';
import { Card, CardHead } from '@/ui/card';
import { ItemRow } from '@/ui/item-row';
import { SkeletonRows } from '@/ui/skeleton';
import { RemoveButton } from '../remove-button';
import { identitiesQuery, useUnlink } from '../security-api';

function IdentityRow({ identity, only }: { identity: IdentityItem; only: boolean }) {
  const { t, i18n } = useTranslation('security');
  const unlink = useUnlink();
  const { label } = identity;
  return (
    <ItemRow
      icon={identity.provider === 'wallet' ? <Wallet aria-hidden /> : <Link2 aria-hidden />}
      title={t(`identities.provider.${identity.provider}`)}
      text={
        <>
          <span className="block">
            {label} · {t('identities.since', { date: formatDate(identity.created_at, i18n.language) })}
          </span>
          {only && <span className="block">{t('identities.lastWay')}</span>}
        </>
      }
    >
      {!only && (
        <RemoveButton
          label={t('identities.unlink')}
          ariaLabel={t('identities.unlinkLabel', { label })}
          title={t('identities.unlinkTitle', { label })}
          text={t('identities.unlinkText')}
          done={t('identities.unlinked', { label })}
          input={identity.id}
          mutation={unlink}
        />
      )}
    </ItemRow>
  );
}

/** Ways in beside the password; `children` are the buttons that link more of them. */
export function IdentitiesCard({ children }: { children?: ReactNode }) {
  const { t } = useTranslation('security');
  const { data } = useQuery(identitiesQuery);
  const only = data !== undefined && !data.has_password && data.passkeys === 0 && data.items.length === 1;
  return (
    <Card>
      <CardHead title={t('identities.title')} />
      <p className="px-4 pb-4 text-14 text-quiet">{t('identities.text')}</p>
      {data === undefined ? (
        <SkeletonRows rows={1} className="px-4" />
      ) : (
        data.items.length > 0 && (
          <ul className="border-t border-line">
            {data.items.map((identity) => (
              <IdentityRow key={identity.id} identity={identity} only={only} />
            ))}
          </ul>
        )
      )}
      {children !== undefined && (
        <div className="flex flex-wrap gap-2 border-t border-line px-4 py-3">{children}</div>
      )}
    </Card>
  );
}
