import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { IndexHtmlTransformContext, Plugin } from 'vite';
import landing from './src/locales/en/landing.json' with { type: 'json' };
import markets from './src/locales/en/markets.json' with { type: 'json' };

type Bundle = NonNullable<IndexHtmlTransformContext['bundle']>;

/** What public/first.js fetches at once for pages that are not in the first files; `{pair}` comes from the address. */
const PAGES = {
  markets: { route: 'markets', texts: ['markets'], asks: ['/markets'] },
  trade: {
    route: 'trade',
    texts: ['trade', 'markets'],
    asks: ['/markets', '/markets/{pair}/orderbook?limit=50'],
  },
} as const;

const MODULE = /<script type="module" crossorigin src="([^"]+)"><\/script>/g;
const PRELOAD = /<link rel="modulepreload" crossorigin/g;
/** What the first words are set in. */
const FONT = /inter-latin-wght-normal.*\.woff2$/;

function fileOf(bundle: Bundle, source: string): string | undefined {
  return Object.values(bundle).find(
    (part) => part.type === 'chunk' && part.facadeModuleId?.endsWith(`/src/${source}`),
  )?.fileName;
}

/** A file of the program and everything it imports. */
function withImports(bundle: Bundle, file: string | undefined, seen = new Set<string>()): Set<string> {
  const part = file === undefined ? undefined : bundle[file];
  if (part?.type !== 'chunk' || seen.has(part.fileName)) return seen;
  seen.add(part.fileName);
  for (const each of part.imports) withImports(bundle, each, seen);
  return seen;
}

function describePages(bundle: Bundle, first: ReadonlySet<string>) {
  const texts = (names: readonly string[], language: string) =>
    names.flatMap((name) => fileOf(bundle, `locales/${language}/${name}.json`) ?? []);
  const addresses = (files: Iterable<string>) =>
    [...files].filter((file) => !first.has(file)).map((file) => `/${file}`);
  return Object.fromEntries(
    Object.entries(PAGES).map(([name, page]) => [
      name,
      {
        files: addresses(withImports(bundle, fileOf(bundle, `routes/${page.route}.tsx`))),
        texts: { en: addresses(texts(page.texts, 'en')), de: addresses(texts(page.texts, 'de')) },
        asks: process.env.VITE_API_BASE_URL ? [] : page.asks,
      },
    ]),
  );
}

/** The program is fetched at once but started by public/first.js, which is told here what the build has made. */
function startAfterPaint(html: string, { bundle, chunk }: IndexHtmlTransformContext): string {
  if (bundle === undefined || chunk === undefined) return html;
  const first = withImports(bundle, chunk.fileName);
  // An entry that only imports is left out by the builder: its last import is the program then.
  const start = [...html.matchAll(MODULE)].at(-1)?.[1];
  const facts = { start, api: '/api/v1', pages: describePages(bundle, first) };
  const told = `<script type="application/json" id="build">${JSON.stringify(facts)}</script>`;
  const font = Object.keys(bundle).find((file) => FONT.test(file)) ?? '';
  return html
    .replace(MODULE, '<link rel="modulepreload" crossorigin href="$1">')
    .replace(PRELOAD, '<link rel="modulepreload" fetchpriority="low" crossorigin')
    .replace(
      '</head>',
      `  <link rel="preload" as="font" type="font/woff2" crossorigin href="/${font}">\n  </head>`,
    )
    .replace('<script src="/first.js">', `${told}\n    <script src="/first.js">`);
}

/** Puts the first words of the public pages into index.html and lets them be painted before the program runs. */
export const firstPaint: Plugin = {
  name: 'first-paint',
  transformIndexHtml: {
    order: 'post',
    handler: (html, context) =>
      startAfterPaint(html, context)
        .replace('%LANDING_HEADLINE%', landing.headline)
        .replace('%LANDING_LEAD%', landing.lead)
        .replace('%MARKETS_TITLE%', markets.title),
  },
};

const TEXT = /\.(js|css|html|svg|json)$/;

/** Leaves every text file beside itself in the two encodings of the web, so that no server does it per visit. */
export const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle: ({ dir }) => {
    if (dir === undefined) return;
    const files = readdirSync(dir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile() && TEXT.test(each.name))) {
      const path = join(dir, relative(dir, file.parentPath), file.name);
      const text = readFileSync(path);
      const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
      writeFileSync(`${path}.br`, brotliCompressSync(text, { params }));
      writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
    }
  },
};
