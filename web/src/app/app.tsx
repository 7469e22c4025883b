import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { createQueryClient } from '@/api/query-client';
import { Toaster } from '@/ui/toast';
import { TooltipProvider } from '@/ui/tooltip';
import { PageSkeleton } from './page-skeleton';
import { router } from './router';
import { SessionStream } from './session-stream';

export function App() {
  const [client] = useState(createQueryClient);
  const { t } = useTranslation();
  return (
    <QueryClientProvider client={client}>
      <TooltipProvider delayDuration={300}>
        <SessionStream />
        <Suspense fallback={<PageSkeleton />}>
          <RouterProvider router={router} />
        </Suspense>
        <Toaster label={t('notifications')} closeLabel={t('close')} />
      </TooltipProvider>
    </QueryClientProvider>
  );
}
