import { startI18n } from '@/lib/i18n';

/** Begun before any route: a route asks for its own texts as soon as it is known. Resolves when the shared ones are there. */
export const textsReady = startI18n();
