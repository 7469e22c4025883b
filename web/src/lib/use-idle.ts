import { useEffect, useState } from 'react';
import { whenIdle } from './when-idle';

/** False while the page is being painted for the first time, then true: what is heavy can come now. */
export function useIdle(): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => whenIdle(() => setIdle(true)), []);
  return idle;
}
