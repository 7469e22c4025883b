import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { useSecondFactorGate } from '@/api/second-factor-gate';
import { useStepUp } from '@/api/step-up';
import { useToasts } from '@/ui/toast';
import { PageSkeleton } from './page-skeleton';
import { router } from './router';
import { SessionStream } from './session-stream';

// Comes with the first thing to say.
const Toaster = lazy(async () => ({ default: (await import('@/ui/toaster')).Toaster }));

// Comes with the first act that needs it, together with its texts.
const StepUpDialog = lazy(async () => {
  const [{ StepUpDialog: Dialog }] = await Promise.all([
    import('@/features/auth/step-up/step-up-dialog'),
    i18next.loadNamespaces('auth'),
  ]);
  return { default: Dialog };
});

const SecondFactorGate = lazy(async () => {
  const [{ SecondFactorGate: Gate }] = await Promise.all([
    import('@/features/auth/second-factor/second-factor-gate'),
    i18next.loadNamespaces('auth'),
  ]);
  return { default: Gate };
});

function Gate() {
  const [wanted, setWanted] = useState(false);
  const asked = useSecondFactorGate((store) => store.asked);
  if (asked && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <SecondFactorGate onGo={(path) => void router.navigate(path)} />
    </Suspense>
  );
}

function StepUp() {
  const [wanted, setWanted] = useState(false);
  const asked = useStepUp((store) => store.asked !== null);
  if (asked && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <StepUpDialog />
    </Suspense>
  );
}

function Toasts() {
  const { t } = useTranslation();
  const [spoken, setSpoken] = useState(false);
  const speaking = useToasts((store) => store.items.length > 0);
  if (speaking && !spoken) setSpoken(true);
  if (!spoken) return null;
  return (
    <Suspense fallback={null}>
      <Toaster label={t('notifications')} closeLabel={t('close')} />
    </Suspense>
  );
}

export function App({ client }: { client: QueryClient }) {
  return (
    <QueryClientProvider client={client}>
      <SessionStream />
      <Suspense fallback={<PageSkeleton />}>
        <RouterProvider router={router} />
      </Suspense>
      <StepUp />
      <Gate />
      <Toasts />
    </QueryClientProvider>
  );
}
