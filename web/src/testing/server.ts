import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';

/** The address of an API route as the client under test sees it. */
export const route = (path: string) => `*/api/v1${path}`;

export const config = {
  app_name: 'CryptoVault',
  environment: 'development',
  version: '0.1.0',
  faucet_enabled: true,
  dev_mail_enabled: true,
  second_factor_required: false,
  price_source: { name: 'simulated', kind: 'simulated', label: 'simulated', age_ms: 200, sources: [] },
  quote_assets: ['USDT', 'USD'],
  stream_path: '/socket.io',
};

export const user = {
  id: '665f1f77bcf86cd799439011', // pragma: allowlist secret
  email: 'ada@example.com',
  name: 'Ada',
  email_verified: true,
  created_at: '2026-01-01T00:00:00Z',
  role: 'user',
};

/** The error envelope of the API. */
export const refuse = (
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
  details: unknown = null,
) =>
  HttpResponse.json(
    { error: { code, message, request_id: 'test', timestamp: '2026-01-01T00:00:00Z', details } },
    { status, headers },
  );

/** Answers every test may rely on; a test adds its own with `server.use`. */
export const server = setupServer(
  http.get(route('/config'), () => HttpResponse.json(config)),
  http.get(route('/csrf'), () => HttpResponse.json({ csrf_token: 'csrf' })),
  http.get(route('/auth/me'), () => HttpResponse.json(user)),
  http.get(route('/auth/oauth'), () => HttpResponse.json({ items: [] })),
  http.get(route('/notifications'), () => HttpResponse.json({ items: [], next_cursor: null, unread: 0 })),
  http.get(route('/transactions'), () => HttpResponse.json({ items: [], next_cursor: null })),
  http.get(route('/fees'), () =>
    HttpResponse.json({ tier: 0, volume_30d: '0', maker: null, taker: null, tiers: [], next: null }),
  ),
  http.post(route('/auth/refresh'), () => refuse(401, 'AUTHENTICATION_ERROR', 'Not signed in.')),
);
