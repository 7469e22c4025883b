import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { useStepUp } from '@/api/step-up';
import { renderPage } from '@/testing/render';
import { route, server } from '@/testing/server';
import { Component as ApiKeys } from './api-keys';
import { Component as Notifications } from './notifications';
import { Component as Security } from './security';
import { Component as Sessions } from './sessions';

const at = '2026-11-21T00:00:00.000Z';
const nothing = () => new HttpResponse(null, { status: 204 });
const state = {
  has_password: true,
  password_changed_at: null,
  anti_phishing_phrase: '',
  settings_locked_until: null,
  withdrawals_locked_until: null,
  withdrawals_locked_by: '',
};
const key = {
  id: 'cvk_0123456789abcdef01234567',
  name: 'Grid bot',
  kind: 'hmac-sha256',
  scopes: ['read'],
  networks: [],
  public_key: null,
  created_at: at,
  expires_at: null,
  last_used_at: null,
  last_used_address: null,
};

beforeEach(() => {
  // Signed in.
  document.cookie = 'csrf_token=test';
});

describe('API keys', () => {
  it('keep the secret in view although the list around it is asked for again', async () => {
    let keys: object[] = [];
    server.use(
      http.get(route('/api-keys'), () => HttpResponse.json({ items: keys })),
      http.post(route('/api-keys'), () => {
        keys = [key];
        return HttpResponse.json({ ...key, secret: 'shown-once' }, { status: 201 }); // pragma: allowlist secret
      }),
    );
    const { pointer } = await renderPage(ApiKeys, { path: '/settings/api-keys', texts: ['api-keys'] });
    await pointer.click(await screen.findByRole('button', { name: 'Create a key' }));
    const dialog = await screen.findByRole('dialog', { name: 'Create an API key' });
    await pointer.click(within(dialog).getByRole('button', { name: 'Create key' }));
    expect(within(dialog).getByText(/Give it a name/)).toBeVisible();
    await pointer.type(within(dialog).getByLabelText('Name'), 'Grid bot');
    await pointer.click(within(dialog).getByRole('button', { name: 'Create key' }));
    expect(await screen.findByText('shown-once')).toBeVisible();
    await waitFor(() => expect(screen.getByText('Never used', { exact: false })).toBeInTheDocument());
    expect(screen.getByText('shown-once')).toBeVisible();
    await pointer.click(screen.getByRole('button', { name: 'I have kept the secret' }));
    await waitFor(() => expect(screen.queryByText('shown-once')).toBeNull());
  });
});

describe('security', () => {
  const factors = { enabled: false, totp: false, totp_since: null, passkeys: 0, recovery_codes_left: 0 };
  beforeEach(() => {
    server.use(
      http.get(route('/auth/security'), () => HttpResponse.json(state)),
      http.get(route('/auth/2fa/status'), () => HttpResponse.json(factors)),
      http.get(route('/auth/passkeys'), () => HttpResponse.json({ items: [] })),
      http.get(route('/auth/identities'), () =>
        HttpResponse.json({ items: [], has_password: true, passkeys: 0 }),
      ),
      http.get(route('/auth/oauth'), () => HttpResponse.json({ items: [] })),
    );
  });
  const open = () => renderPage(Security, { path: '/settings/security', texts: ['security', 'auth'] });

  it('shows recovery codes although the page around them changes with the new factor', async () => {
    let enabled = false;
    server.use(
      http.get(route('/auth/2fa/status'), () =>
        HttpResponse.json({ ...factors, enabled, totp: enabled, totp_since: enabled ? at : null }),
      ),
      http.post(route('/auth/2fa/setup'), () =>
        HttpResponse.json({ secret: 'ABCDEFGH', otpauth_uri: '', qr_svg: 'data:image/svg+xml,' }),
      ),
      http.post(route('/auth/2fa/verify'), () => {
        enabled = true;
        return HttpResponse.json({ recovery_codes: ['AAAA-BBBB-CCCC-DDDD'] });
      }),
    );
    const { pointer } = await open();
    await pointer.click(await screen.findByRole('button', { name: 'Set up' }));
    expect(await screen.findByText('ABCD EFGH')).toBeVisible();
    await pointer.type(screen.getByLabelText('Code from the app'), '123456');
    expect(await screen.findByText('AAAA-BBBB-CCCC-DDDD')).toBeVisible();
    await pointer.click(screen.getByRole('button', { name: 'I have kept the codes' }));
    await waitFor(() => expect(screen.queryByText('AAAA-BBBB-CCCC-DDDD')).toBeNull());
  });

  it('sends an act again with the proof that was given for it, and says so where none was given', async () => {
    const proofs: (string | null)[] = [];
    server.use(
      http.put(route('/auth/anti-phishing-phrase'), ({ request }) => {
        proofs.push(request.headers.get('X-Step-Up'));
        if (proofs.at(-1) !== null) return nothing();
        const error = { code: 'STEP_UP_REQUIRED', message: 'Confirm.', details: { act: 'change_phrase' } };
        return HttpResponse.json({ error }, { status: 403 });
      }),
    );
    const { pointer } = await open();
    await pointer.click(await screen.findByRole('button', { name: 'Choose a phrase' }));
    await pointer.type(await screen.findByRole('textbox', { name: 'Phrase' }), 'owl');
    await pointer.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(useStepUp.getState().asked?.act).toBe('change_phrase'));
    useStepUp.getState().asked?.settle(null);
    expect(await screen.findByText(/Nothing was changed/)).toBeVisible();
    await pointer.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(useStepUp.getState().asked).not.toBeNull());
    useStepUp.getState().asked?.settle('proof');
    expect(await screen.findByText('Phrase saved')).toBeVisible();
    expect(proofs).toEqual([null, null, 'proof']);
  });

  it('says what stands in the way of deleting the account', async () => {
    server.use(
      http.post(route('/auth/delete-account'), () =>
        HttpResponse.json(
          { error: { code: 'FUNDS_REMAIN', message: 'Funds.', details: { assets: ['BTC', 'USDT'] } } },
          { status: 409 },
        ),
      ),
    );
    const { pointer } = await open();
    await pointer.click(await screen.findByRole('button', { name: 'Delete account' }));
    const dialog = await screen.findByRole('dialog');
    await pointer.click(within(dialog).getByRole('button', { name: 'Delete account' }));
    expect(within(dialog).getByText('Type your e-mail address exactly.')).toBeVisible();
    await pointer.type(within(dialog).getByRole('textbox'), 'ada@example.com');
    await pointer.click(within(dialog).getByRole('button', { name: 'Delete account' }));
    expect(await within(dialog).findByText(/still holds BTC, USDT/)).toBeVisible();
  });
});

describe('devices and notifications', () => {
  it('logs another device out, never this one', async () => {
    const ended: string[] = [];
    const session = (id: string, device: string, current: boolean) => ({
      id,
      device,
      address: '203.0.113.7',
      place: 'Network 203.0.113.0/24',
      created_at: at,
      last_seen_at: at,
      expires_at: at,
      current,
    });
    server.use(
      http.get(route('/auth/sessions'), () =>
        HttpResponse.json({
          items: [session('a', 'Firefox on Linux', true), session('b', 'Safari on iPhone', false)],
        }),
      ),
      http.delete(route('/auth/sessions/:id'), ({ params }) => {
        ended.push(String(params['id']));
        return nothing();
      }),
    );
    const { pointer } = await renderPage(Sessions, { path: '/settings/sessions', texts: ['sessions'] });
    expect(await screen.findByText('This device')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Log out Firefox on Linux' })).toBeNull();
    await pointer.click(screen.getByRole('button', { name: 'Log out Safari on iPhone' }));
    expect(await screen.findByText('Safari on iPhone is logged out')).toBeVisible();
    expect(ended).toEqual(['b']);
  });

  it('puts a switch back where the server refuses, and never lets security mails be switched off', async () => {
    const ways = { security: true, money: true, trading: false, news: false };
    const chat = { available: false, linked: false, chat_name: '', linked_at: null };
    server.use(
      http.get(route('/notifications/preferences'), () =>
        HttpResponse.json({ mail: ways, telegram: ways, telegram_chat: chat }),
      ),
      http.put(route('/notifications/preferences'), () => HttpResponse.error()),
    );
    const { pointer } = await renderPage(Notifications, {
      path: '/settings/notifications',
      texts: ['notifications'],
    });
    expect(await screen.findByRole('switch', { name: 'Security: E-mail' })).toBeDisabled();
    const trading = screen.getByRole('switch', { name: 'Trading: E-mail' });
    await pointer.click(trading);
    await waitFor(() => expect(trading).not.toBeChecked());
    expect(await screen.findByText(/could not be reached/)).toBeVisible();
  });
});
