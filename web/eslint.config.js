import { readdirSync } from 'node:fs';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import checkFile from 'eslint-plugin-check-file';
import { importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const features = readdirSync('./src/features', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const below = (target, forbidden, message) => ({
  target: `./src/${target}`,
  from: forbidden.map((folder) => `./src/${folder}`),
  message,
});

// Imports flow one way: app > routes > features > stream > api > ui > lib. Features never meet.
const zones = [
  below('lib', ['app', 'routes', 'features', 'stream', 'api', 'ui'], 'lib is the lowest layer.'),
  below('ui', ['app', 'routes', 'features', 'stream', 'api'], 'ui knows no data.'),
  below('api', ['app', 'routes', 'features', 'stream', 'ui'], 'api stands below the stream and the pages.'),
  below('stream', ['app', 'routes', 'features', 'ui'], 'stream stands below the pages.'),
  below('features', ['app', 'routes'], 'A feature does not know who composes it.'),
  below('routes', ['app'], 'Routes are composed by app.'),
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: './src/features',
    except: [`./${name}`],
    message: 'Features never meet; compose them in a route.',
  })),
];

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'src/api/schema.ts', 'public'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX, 'react-hooks': reactHooks, 'check-file': checkFile },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })] },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'check-file/filename-naming-convention': [
        'error',
        { '**/*.{ts,tsx}': 'KEBAB_CASE' },
        { ignoreMiddleExtensions: true },
      ],
      'check-file/folder-naming-convention': ['error', { 'src/**/': 'KEBAB_CASE' }],
      'max-lines': ['error', { max: 350 }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers and booleans in template strings read well and are safe.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `onClick={() => save()}` is the house style for handlers.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // React handlers may be async; their errors are handled inside.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  { files: ['**/*.tsx'], rules: { 'max-lines': ['error', { max: 250 }] } },
);
