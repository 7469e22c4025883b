import { useEffect } from 'react';
import { env } from './env';

/** The page's name in the tab; changes with the language. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? env.appName : `${title} · ${env.appName}`;
  }, [title]);
}
