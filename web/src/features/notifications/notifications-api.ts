import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { NoticePreferences } from '@/api/types';

const KEY = ['notifications'];
const PAGE = 30;

/** The newest few, and how many are unread: what the bell shows. */
export const newestNoticesQuery = queryOptions({
  queryKey: [...KEY, 'newest'],
  queryFn: ({ signal }) => api.get('/notifications', { signal, params: { limit: 8 } }),
  meta: { own: true },
});

export const noticesQuery = infiniteQueryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: ({ pageParam, signal }) =>
    api.get('/notifications', { signal, params: { limit: PAGE, cursor: pageParam } }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
  meta: { own: true },
});

export const noticePreferencesQuery = queryOptions({
  queryKey: ['notification-preferences'],
  queryFn: ({ signal }) => api.get('/notifications/preferences', { signal }),
  meta: { own: true },
});

export function useRefreshNotices(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: KEY });
}

export function useMarkRead() {
  const refresh = useRefreshNotices();
  return useMutation({
    mutationFn: (id: string) =>
      api.post('/notifications/{notice_id}/read', undefined, { path: { notice_id: id } }),
    onSuccess: refresh,
  });
}

export function useMarkAllRead() {
  const refresh = useRefreshNotices();
  return useMutation({ mutationFn: () => api.post('/notifications/read', undefined), onSuccess: refresh });
}

type Ways = Pick<NoticePreferences, 'mail' | 'telegram'>;

/** A switch shows its new place at once, and goes back where the server refuses. */
export function useSavePreferences() {
  const client = useQueryClient();
  const key = noticePreferencesQuery.queryKey;
  return useMutation({
    mutationFn: (ways: Ways) => api.put('/notifications/preferences', ways),
    onMutate: async (ways) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData(key);
      if (before !== undefined) client.setQueryData(key, { ...before, ...ways });
      return before;
    },
    onError: (_error, _ways, before) => client.setQueryData(key, before),
    onSuccess: (saved) => client.setQueryData(key, saved),
  });
}

export const useLinkTelegram = () =>
  useMutation({ mutationFn: () => api.post('/notifications/telegram/link', undefined) });

export function useUnlinkTelegram() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete('/notifications/telegram'),
    onSuccess: () => void client.invalidateQueries({ queryKey: noticePreferencesQuery.queryKey }),
  });
}
