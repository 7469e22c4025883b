import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { createQueryClient } from '@/api/query-client';
import { PageSkeleton } from './page-skeleton';
import { router } from './router';
import { SessionStream } from './session-stream';

// Nothing is said in the first moment; the first paint does not wait for it.
const Toaster = lazy(async () => ({ default: (await import('@/ui/toaster')).Toaster }));

export function App() {
  const [client] = useState(createQueryClient);
  const { t } = useTranslation();
  return (
    <QueryClientProvider client={client}>
      <SessionStream />
      <Suspense fallback={<PageSkeleton />}>
        <RouterProvider router={router} />
      </Suspense>
      <Suspense fallback={null}>
        <Toaster label={t('notifications')} closeLabel={t('close')} />
      </Suspense>
    </QueryClientProvider>
  );
}
