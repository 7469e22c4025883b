import type common from '../locales/en/common.json';
import type apiKeys from '../locales/en/api-keys.json';
import type auditLogs from '../locales/en/audit-logs.json';
import type auth from '../locales/en/auth.json';
import type fees from '../locales/en/fees.json';
import type landing from '../locales/en/landing.json';
import type markets from '../locales/en/markets.json';
import type notifications from '../locales/en/notifications.json';
import type paper from '../locales/en/paper.json';
import type portfolio from '../locales/en/portfolio.json';
import type security from '../locales/en/security.json';
import type sessions from '../locales/en/sessions.json';
import type settings from '../locales/en/settings.json';
import type status from '../locales/en/status.json';
import type story from '../locales/en/story.json';
import type trade from '../locales/en/trade.json';
import type transactions from '../locales/en/transactions.json';
import type wallet from '../locales/en/wallet.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      common: typeof common;
      'api-keys': typeof apiKeys;
      'audit-logs': typeof auditLogs;
      auth: typeof auth;
      fees: typeof fees;
      landing: typeof landing;
      markets: typeof markets;
      notifications: typeof notifications;
      paper: typeof paper;
      portfolio: typeof portfolio;
      security: typeof security;
      sessions: typeof sessions;
      settings: typeof settings;
      status: typeof status;
      story: typeof story;
      trade: typeof trade;
      transactions: typeof transactions;
      wallet: typeof wallet;
    };
  }
}
