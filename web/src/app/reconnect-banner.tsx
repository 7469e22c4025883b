import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '@/stream/connection-store';

const GRACE_MS = 1_500;

/** Says that values on the page may be old; a hiccup shorter than the grace time is not worth a word. */
export function ReconnectBanner() {
  const { t } = useTranslation();
  const state = useConnection((store) => store.state);
  const lost = state !== 'connected';
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(lost), lost ? GRACE_MS : 0);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status" className="sticky top-13 z-20">
      {shown && lost && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-raised px-4 py-2 text-13 text-warn">
          <WifiOff className="size-4 shrink-0" aria-hidden />
          {t(`connection.${state}`)}
        </p>
      )}
    </div>
  );
}
