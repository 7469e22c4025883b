import axios, { isAxiosError, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { env } from '../lib/env';
import { toApiError } from './errors';

declare module 'axios' {
  interface AxiosRequestConfig {
    /** Set on the second try, so that an expired session is refreshed only once. */
    afterRefresh?: boolean;
    /** Requests that are about the session itself never trigger a refresh. */
    noRefresh?: boolean;
  }
}

export const http = axios.create({ baseURL: env.apiBaseUrl, withCredentials: true, timeout: 15_000 });

const SAFE = new Set(['get', 'head', 'options']);

function cookie(name: string): string | undefined {
  const entry = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`));
  return entry === undefined ? undefined : decodeURIComponent(entry.slice(name.length + 1));
}

async function csrfToken(): Promise<string> {
  const known = cookie('csrf_token');
  if (known !== undefined) return known;
  const { data } = await http.get<{ csrf_token: string }>('/csrf', { noRefresh: true });
  return data.csrf_token;
}

async function withCsrf(config: InternalAxiosRequestConfig): Promise<InternalAxiosRequestConfig> {
  if (!SAFE.has(config.method ?? 'get')) config.headers.set('X-CSRF-Token', await csrfToken());
  return config;
}

let refreshing: Promise<unknown> | null = null;

/** One refresh at a time, however many requests found the session expired. */
function refresh(): Promise<unknown> {
  refreshing ??= http.post('/auth/refresh', undefined, { noRefresh: true }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function onFailure(error: unknown): Promise<unknown> {
  const config = isAxiosError(error) ? error.config : undefined;
  const expired = isAxiosError(error) && error.response?.status === 401;
  if (!expired || config === undefined || config.noRefresh === true || config.afterRefresh === true) {
    throw toApiError(error);
  }
  try {
    await refresh();
  } catch {
    throw toApiError(error);
  }
  return http.request({ ...config, afterRefresh: true });
}

http.interceptors.request.use(withCsrf);
http.interceptors.response.use(undefined, onFailure);

async function send<Answer>(config: AxiosRequestConfig): Promise<Answer> {
  const { data } = await http.request<Answer>(config);
  return data;
}

type Options = Omit<AxiosRequestConfig, 'url' | 'method' | 'data'>;

/** The API by verb; each call answers the body or throws an ApiError. */
export const api = {
  get: <Answer>(url: string, options?: Options) => send<Answer>({ ...options, url, method: 'get' }),
  post: <Answer>(url: string, data?: unknown, options?: Options) =>
    send<Answer>({ ...options, url, method: 'post', data }),
  put: <Answer>(url: string, data?: unknown, options?: Options) =>
    send<Answer>({ ...options, url, method: 'put', data }),
  delete: <Answer>(url: string, options?: Options) => send<Answer>({ ...options, url, method: 'delete' }),
};
