import i18next, { type FlatNamespace } from 'i18next';
import type { ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { Component as Landing } from '@/routes/landing';
import { ErrorPage } from './error-page';
import { NotFound } from './not-found';
import { PageSkeleton } from './page-skeleton';
import { RequireSession } from './require-session';
import { Shell } from './shell';

interface PageModule {
  Component: ComponentType;
}

/** A route whose code and texts are fetched together, when it is first visited. */
function page(
  path: string,
  load: () => Promise<PageModule>,
  texts: FlatNamespace[] = [],
  children?: RouteObject[],
): RouteObject {
  return {
    path,
    ...(children === undefined ? {} : { children }),
    ErrorBoundary: ErrorPage,
    HydrateFallback: PageSkeleton,
    lazy: async () => {
      const [module] = await Promise.all([load(), i18next.loadNamespaces(texts)]);
      return { Component: module.Component };
    },
  };
}

/** The page most people see first comes with the first files. */
const landing: RouteObject = { path: '/', ErrorBoundary: ErrorPage, Component: Landing };

const visitorPages = [
  landing,
  page('/signup', () => import('@/routes/signup'), ['auth']),
  page('/login', () => import('@/routes/login'), ['auth']),
  page('/forgot-password', () => import('@/routes/forgot-password'), ['auth']),
  page('/reset-password', () => import('@/routes/reset-password'), ['auth']),
  page('/freeze', () => import('@/routes/freeze'), ['auth']),
  page('/keep-second-factor', () => import('@/routes/keep-second-factor'), ['auth']),
  page('/confirm-email', () => import('@/routes/confirm-email'), ['auth']),
  page('/auth/callback', () => import('@/routes/auth-callback'), ['auth']),
  page('/admin/setup', () => import('@/routes/admin-setup'), ['auth']),
  page('/verify', () => import('@/routes/verify'), ['auth']),
  page('/markets', () => import('@/routes/markets'), ['markets']),
  page('/trade/:pair', () => import('@/routes/trade'), ['trade', 'markets']),
  page('/status', () => import('@/routes/status'), ['status']),
];

const ownSettings = [
  page('security', () => import('@/routes/security'), ['security']),
  page('sessions', () => import('@/routes/sessions'), ['sessions']),
  page('security-log', () => import('@/routes/security-log'), ['audit-logs']),
  page('api-keys', () => import('@/routes/api-keys'), ['api-keys']),
  page('fees', () => import('@/routes/fees'), ['fees']),
  page('notifications', () => import('@/routes/notifications'), ['notifications']),
];

/** Appearance is for everybody, the rest for those who are signed in. */
const settings = page(
  '/settings',
  () => import('@/routes/settings-layout'),
  ['settings'],
  [page('', () => import('@/routes/settings')), { Component: RequireSession, children: ownSettings }],
);

const ownPages = [
  page('/dashboard', () => import('@/routes/dashboard'), ['portfolio', 'transactions', 'wallet']),
  page('/wallet', () => import('@/routes/wallet'), ['wallet', 'paper']),
  page('/transactions', () => import('@/routes/transactions'), ['transactions']),
];

export const routes: RouteObject[] = [
  {
    Component: Shell,
    ErrorBoundary: ErrorPage,
    children: [
      ...visitorPages,
      settings,
      { Component: RequireSession, children: ownPages },
      { path: '*', Component: NotFound },
    ],
  },
];

export const router = createBrowserRouter(routes);
