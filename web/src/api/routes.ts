import type { paths } from './schema';
import type { Sent } from './types';

/** Types that lead from a verb and an address of the OpenAPI document to what is asked and answered there. */

type Prefix = '/api/v1';

export type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The routes that know a verb, without the prefix all of them share. */
export type Route<V extends Verb> = {
  [Path in keyof paths]: paths[Path] extends Record<V, object>
    ? Path extends `${Prefix}${infer Rest}`
      ? Rest
      : never
    : never;
}[keyof paths];

type PathItem<R extends string> = `${Prefix}${R}` extends infer Path extends keyof paths
  ? paths[Path]
  : never;
type Operation<V extends Verb, R extends Route<V>> =
  PathItem<R> extends Record<V, infer Operation> ? Operation : never;

type Content<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : undefined;
type Success<Responses> = Responses extends { 200: infer Ok }
  ? Content<Ok>
  : Responses extends { 201: infer Created }
    ? Content<Created>
    : undefined;

export type Answer<V extends Verb, R extends Route<V>> =
  Operation<V, R> extends { responses: infer Responses } ? Sent<Success<Responses>> : undefined;

export type Body<V extends Verb, R extends Route<V>> =
  Operation<V, R> extends { requestBody: { content: { 'application/json': infer Json } } } ? Json : undefined;

type Named<Place extends 'path' | 'query', Op> = Op extends { parameters: Record<Place, infer Values> }
  ? Values
  : Op extends { parameters: Partial<Record<Place, infer Values>> }
    ? Values
    : never;

/** Values for the {names} in a route. */
export type PathValues<V extends Verb, R extends Route<V>> = R extends `${string}{${string}`
  ? Named<'path', Operation<V, R>>
  : never;

export type Query<V extends Verb, R extends Route<V>> = Named<'query', Operation<V, R>>;

/** "/markets/{pair}/ticker" with {pair: "BTC-USDT"} -> "/markets/BTC-USDT/ticker". */
export function fillPath(route: string, values: object | undefined): string {
  const known = new Map<string, unknown>(Object.entries(values ?? {}));
  return route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(known.get(name))));
}
