import axios, { isAxiosError, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { unattended } from '../lib/attendance';
import { env } from '../lib/env';
import { csrfCookie } from './csrf';
import { toApiError, type ApiError } from './errors';
import { lastSeq, noteSeq } from './last-seq';
import { askForSecondFactor } from './second-factor-gate';
import { noteSessionEnd } from './session-end';
import { actToProve, STEP_UP_HEADER, stepUpFor } from './step-up';
import type { StepUpAct } from './types';
import {
  fillPath,
  type Answer,
  type Body,
  type PathValues,
  type Query,
  type Route,
  type Verb,
} from './routes';

declare module 'axios' {
  interface AxiosRequestConfig {
    /** Set on the second try; there is no third. */
    secondTry?: boolean;
    /** Requests that are about the session itself never trigger a refresh. */
    noRefresh?: boolean;
    /** Carries a proof already; where that is not enough, asking again would not help. */
    proven?: boolean;
  }
}

const http = axios.create({ baseURL: env.apiBaseUrl, withCredentials: true, timeout: 15_000 });

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

/** Reads see one's own writes: cookies of parallel answers may overtake each other, this does not. */
function withSeq(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  const seq = lastSeq();
  if (seq > 0) config.headers.set('X-Seq', String(seq));
  return config;
}

/** What the page asks for while nobody is there is no use of the session. */
function withAttendance(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  if (unattended()) config.headers.set('X-Unattended', '1');
  return config;
}

let refreshing: Promise<unknown> | null = null;

async function renew(): Promise<void> {
  try {
    await http.post('/auth/refresh', undefined, { noRefresh: true });
  } catch (error) {
    noteSessionEnd(toApiError(error));
    throw error;
  } finally {
    refreshing = null;
  }
}

/** One refresh at a time, however many requests found the session expired. */
function refresh(): Promise<unknown> {
  refreshing ??= renew();
  return refreshing;
}

/** What may make a second try succeed: a fresh access token, or a CSRF token of the present session. */
function remedy(error: ApiError): (() => Promise<unknown>) | null {
  if (error.status === 401) return refresh;
  if (error.code === 'CSRF_FAILED') return () => http.get('/csrf', { noRefresh: true });
  return null;
}

/** A sensitive act: the person proves who they are, and the same request goes out once more with the proof. */
async function withProof(act: StepUpAct, config: InternalAxiosRequestConfig): Promise<unknown> {
  config.headers.set(STEP_UP_HEADER, await stepUpFor(act));
  return http.request({ ...config, proven: true });
}

async function onFailure(thrown: unknown): Promise<unknown> {
  const error = toApiError(thrown);
  const config = isAxiosError(thrown) ? thrown.config : undefined;
  if (error.code === 'SECOND_FACTOR_REQUIRED') askForSecondFactor();
  const act = actToProve(error);
  if (act !== null && config !== undefined && config.proven !== true) return withProof(act, config);
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
http.interceptors.request.use(withSeq);
http.interceptors.request.use(withAttendance);
http.interceptors.response.use((answer) => {
  noteSeq(answer.headers['x-seq']);
  return answer;
}, onFailure);

type Settings = Pick<AxiosRequestConfig, 'signal' | 'headers' | 'noRefresh' | 'validateStatus'>;

type Options<V extends Verb, R extends Route<V>> = Settings & { params?: Query<V, R> } & ([
    PathValues<V, R>,
  ] extends [never]
    ? { path?: undefined }
    : { path: PathValues<V, R> });

/** Options may be left out where a route has no names to fill. */
type Rest<V extends Verb, R extends Route<V>> = [PathValues<V, R>] extends [never]
  ? [options?: Options<V, R>]
  : [options: Options<V, R>];

async function send<V extends Verb, R extends Route<V>>(
  method: V,
  route: R,
  data: unknown,
  options: Options<V, R> | undefined,
): Promise<Answer<V, R>> {
  const { path, ...settings } = options ?? {};
  const url = fillPath(route, path as object | undefined);
  const answer = await http.request<Answer<V, R>>({ ...settings, method, url, data });
  return answer.data;
}

/** The API by verb and route of its OpenAPI document; each call answers the body or throws an ApiError. */
export const api = {
  get: <R extends Route<'get'>>(route: R, ...[options]: Rest<'get', R>) =>
    send('get', route, undefined, options),
  post: <R extends Route<'post'>>(route: R, data: Body<'post', R>, ...[options]: Rest<'post', R>) =>
    send('post', route, data, options),
  put: <R extends Route<'put'>>(route: R, data: Body<'put', R>, ...[options]: Rest<'put', R>) =>
    send('put', route, data, options),
  patch: <R extends Route<'patch'>>(route: R, data: Body<'patch', R>, ...[options]: Rest<'patch', R>) =>
    send('patch', route, data, options),
  delete: <R extends Route<'delete'>>(route: R, ...[options]: Rest<'delete', R>) =>
    send('delete', route, undefined, options),
};
