import axios, { isAxiosError, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { env } from '../lib/env';
import { csrfCookie } from './csrf';
import { toApiError, type ApiError } from './errors';

declare module 'axios' {
  interface AxiosRequestConfig {
    /** Set on the second try; there is no third. */
    secondTry?: boolean;
    /** Requests that are about the session itself never trigger a refresh. */
    noRefresh?: boolean;
  }
}

export const http = axios.create({ baseURL: env.apiBaseUrl, withCredentials: true, timeout: 15_000 });

const SAFE = new Set(['get', 'head', 'options']);

async function csrfToken(): Promise<string> {
  const known = csrfCookie();
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

/** What may make a second try succeed: a fresh access token, or a CSRF token of the present session. */
function remedy(error: ApiError): (() => Promise<unknown>) | null {
  if (error.status === 401) return refresh;
  if (error.code === 'CSRF_FAILED') return () => http.get('/csrf', { noRefresh: true });
  return null;
}

async function onFailure(thrown: unknown): Promise<unknown> {
  const error = toApiError(thrown);
  const config = isAxiosError(thrown) ? thrown.config : undefined;
  const cure = remedy(error);
  if (cure === null || config === undefined || config.noRefresh === true || config.secondTry === true)
    throw error;
  try {
    await cure();
  } catch {
    throw error;
  }
  return http.request({ ...config, secondTry: true });
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
