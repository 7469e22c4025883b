import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import common from '../locales/en/common.json';
import landing from '../locales/en/landing.json';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const STORAGE_KEY = 'cv-language';
const files = import.meta.glob<{ default: Record<string, unknown> }>([
  '../locales/*/*.json',
  '!../locales/en/{common,landing}.json',
]);

/** One file per language and feature, fetched when a page needs it. */
const backend: BackendModule = {
  type: 'backend',
  callbackApi: true,
  init: () => undefined,
  read: (language, namespace, callback) => {
    const load = files[`../locales/${language}/${namespace}.json`];
    if (load === undefined) {
      callback(new Error(`No texts for ${language}/${namespace}`), null);
      return;
    }
    load().then(
      (module) => callback(null, module.default),
      (error: unknown) => callback(error as Error, null),
    );
  },
};

function preferred(): Language {
  const saved = localStorage.getItem(STORAGE_KEY) ?? navigator.language.slice(0, 2);
  return saved in LANGUAGES ? (saved as Language) : 'en';
}

/** Starts the translations; resolves when the texts every page shares are there. */
export async function startI18n(language: Language = preferred()): Promise<void> {
  i18next.on('languageChanged', (chosen) => {
    document.documentElement.lang = chosen;
    localStorage.setItem(STORAGE_KEY, chosen);
  });
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: 'en',
      ns: ['common'],
      defaultNS: 'common',
      resources: { en: { common, landing } },
      partialBundledLanguages: true,
      interpolation: { escapeValue: false },
    });
}
