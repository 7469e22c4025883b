import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { createQueryClient } from '@/api/query-client';
import { useToasts } from '@/ui/toast';
import { PageSkeleton } from './page-skeleton';
import { router } from './router';
import { SessionStream } from './session-stream';

// Comes with the first thing to say.
const Toaster = lazy(async () => ({ default: (await import('@/ui/toaster')).Toaster }));

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

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <SessionStream />
      <Suspense fallback={<PageSkeleton />}>
        <RouterProvider router={router} />
      </Suspense>
      <Toasts />
    </QueryClientProvider>
  );
}
