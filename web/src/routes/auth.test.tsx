import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { pendingSignUp, rememberSignUp } from '@/features/auth/pending-sign-up';
import { renderPage } from '@/testing/render';
import { refuse, route, server, user } from '@/testing/server';
import { Component as Login } from './login';
import { Component as Signup } from './signup';
import { Component as Verify } from './verify';

const ada = { email: 'ada@example.com', userId: '650000000000000000000001' };
const signedIn = { user, access_token: 't', token_type: 'bearer', expires_in: 1800 };

beforeEach(() => {
  sessionStorage.clear();
  // A visitor has no CSRF cookie of a session.
  document.cookie = 'csrf_token=; Max-Age=0';
});

describe('log in', () => {
  it('keeps what was typed and says why when it is refused', async () => {
    server.use(
      http.post(route('/auth/login'), () => refuse(401, 'AUTHENTICATION_ERROR', 'Wrong e-mail or password.')),
    );
    const { pointer } = await renderPage(Login, { path: '/login', texts: ['auth'] });
    await pointer.type(screen.getByLabelText('E-mail'), 'ada@example.com');
    await pointer.type(screen.getByLabelText('Password'), 'not it');
    await pointer.click(screen.getByRole('button', { name: 'Log in' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Wrong e-mail or password.');
    expect(screen.getByLabelText('E-mail')).toHaveValue('ada@example.com');
    expect(screen.getByLabelText('Password')).toHaveValue('not it');
  });

  it('goes back to where the visitor was going', async () => {
    server.use(http.post(route('/auth/login'), () => HttpResponse.json(signedIn)));
    const { pointer } = await renderPage(Login, {
      path: '/login',
      at: '/login?next=%2Fwallet',
      texts: ['auth'],
    });
    await pointer.type(screen.getByLabelText('E-mail'), 'ada@example.com');
    await pointer.type(screen.getByLabelText('Password'), 'correct horse battery');
    await pointer.click(screen.getByRole('button', { name: 'Log in' }));
    expect(await screen.findByTestId('elsewhere')).toHaveTextContent('/wallet');
  });

  it('leads to the code where the address is not confirmed yet', async () => {
    server.use(
      http.post(route('/auth/login'), () =>
        refuse(403, 'EMAIL_NOT_VERIFIED', 'Confirm first.', {}, { user_id: ada.userId }),
      ),
    );
    const { pointer } = await renderPage(Login, { path: '/login', texts: ['auth'] });
    await pointer.type(screen.getByLabelText('E-mail'), 'ada@example.com');
    await pointer.type(screen.getByLabelText('Password'), 'correct horse battery');
    await pointer.click(screen.getByRole('button', { name: 'Log in' }));
    expect(await screen.findByTestId('elsewhere')).toHaveTextContent('/verify');
    expect(pendingSignUp()).toEqual(ada);
  });
});

describe('sign up', () => {
  it('names what is missing before anything is sent', async () => {
    const { pointer } = await renderPage(Signup, { path: '/signup', texts: ['auth'] });
    await pointer.type(screen.getByLabelText('E-mail'), 'ada');
    await pointer.type(screen.getByLabelText('Password'), 'short');
    await pointer.click(screen.getByRole('button', { name: 'Sign up' }));
    expect(await screen.findByText(/Enter a full e-mail address/)).toBeVisible();
    expect(screen.getByText(/Use at least 15 characters/)).toBeVisible();
    expect(screen.getByLabelText('Password')).toHaveAttribute('aria-invalid', 'true');
  });

  it('shows the server’s own objection at the field it is about', async () => {
    server.use(
      http.post(route('/auth/signup'), () =>
        HttpResponse.json(
          {
            error: {
              code: 'VALIDATION_ERROR',
              message: 'The request is not valid.',
              request_id: 'r',
              timestamp: '',
              details: [{ field: 'password', message: 'The password is mostly a common word.' }],
            },
          },
          { status: 400 },
        ),
      ),
    );
    const { pointer } = await renderPage(Signup, { path: '/signup', texts: ['auth'] });
    await pointer.type(screen.getByLabelText('E-mail'), 'ada@example.com');
    await pointer.type(screen.getByLabelText('Password'), 'passwordpassword');
    await pointer.click(screen.getByRole('button', { name: 'Sign up' }));
    expect(await screen.findByText('The password is mostly a common word.')).toBeVisible();
    expect(screen.getByLabelText('Password')).toHaveFocus();
  });
});

describe('verify', () => {
  it('takes a pasted code, sends it by itself and signs in', async () => {
    rememberSignUp(ada);
    let sent: unknown;
    server.use(
      http.post(route('/auth/verify-email'), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json(signedIn);
      }),
    );
    const { pointer } = await renderPage(Verify, { path: '/verify', texts: ['auth'] });
    await pointer.click(screen.getByLabelText('6-digit code'));
    await pointer.paste('Your code is 123 456');
    await waitFor(() => expect(sent).toEqual({ email: ada.email, code: '123456', user_id: ada.userId }));
    expect(await screen.findByTestId('elsewhere')).toHaveTextContent('/dashboard');
  });

  it('keeps a wrong code in view and allows another try', async () => {
    rememberSignUp(ada);
    server.use(
      http.post(route('/auth/verify-email'), () => refuse(400, 'VALIDATION_ERROR', 'The code is wrong.')),
    );
    const { pointer } = await renderPage(Verify, { path: '/verify', texts: ['auth'] });
    await pointer.type(screen.getByLabelText('6-digit code'), '000000');
    expect(await screen.findByText('The code is wrong.')).toBeVisible();
    expect(screen.getByLabelText('6-digit code')).toHaveValue('000000');
    expect(screen.getByRole('button', { name: 'Confirm e-mail' })).toBeEnabled();
  });

  it('points to the kept mail on a development server and counts down to another code', async () => {
    rememberSignUp(ada);
    await renderPage(Verify, { path: '/verify', texts: ['auth'] });
    expect(await screen.findByRole('link', { name: 'Read it here' })).toHaveAttribute(
      'href',
      '/dev/mail?to=ada%40example.com',
    );
    expect(screen.getByRole('button', { name: /Send another code in \d+ s/ })).toBeDisabled();
  });
});
