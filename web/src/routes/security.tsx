import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { sessionQuery, useUser } from '@/api/session';
import { DeleteAccountCard } from '@/features/security/delete-account-card';
import { IdentitiesCard } from '@/features/security/identities/identities-card';
import { LinkButtons } from '@/features/security/identities/link-buttons';
import { SignInCard } from '@/features/security/password/sign-in-card';
import { ProtectionCard } from '@/features/security/protection/protection-card';
import { SecurityNotes } from '@/features/security/security-notes';
import { TwoStepCard } from '@/features/security/two-factor/two-step-card';
import { WayBack } from '@/features/security/two-factor/way-back';
import { paths } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';
import { toast } from '@/ui/toast';

export function Component() {
  const { t } = useTranslation('security');
  const user = useUser();
  const navigate = useNavigate();
  const client = useQueryClient();
  useTitle(t('title'));
  if (user === null) return null;
  const leave = async (to: string, said: string) => {
    // There first: without a session this page would lead to the log-in.
    await navigate(to);
    client.removeQueries({ predicate: (query) => query.meta?.['own'] === true });
    client.setQueryData(sessionQuery.queryKey, null);
    toast.success(said);
  };
  return (
    <>
      <WayBack />
      <SecurityNotes />
      <SignInCard user={user} />
      <TwoStepCard />
      <IdentitiesCard>
        <LinkButtons />
      </IdentitiesCard>
      <ProtectionCard onFrozen={() => void leave(paths.forgotPassword, t('freeze.done'))} />
      <DeleteAccountCard user={user} onDeleted={() => void leave(paths.home, t('remove.done'))} />
    </>
  );
}
