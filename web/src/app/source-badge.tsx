import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { usePriceSource } from '@/stream/price-source';
import { Badge, type Tone } from '@/ui/badge';
import { Tooltip } from '@/ui/tooltip';

const TONES = { live: 'buy', simulated: 'info', stale: 'warn' } as const satisfies Record<string, Tone>;

/** Where the prices come from: live with its name, simulated, or stale. */
export function SourceBadge({ className }: { className?: string }) {
  const { t } = useTranslation();
  const source = usePriceSource();
  if (source === undefined) return null;
  return (
    <Tooltip side="bottom" content={t(`priceSource.${source.kind}Text`, { name: source.name })}>
      <button type="button" className={cn('touch-target cursor-help rounded-control', className)}>
        <Badge tone={TONES[source.kind]} data-testid="price-source">
          <span aria-hidden className="size-1.5 rounded-full bg-current" />
          {t(`priceSource.${source.kind}`, { name: source.name })}
        </Badge>
      </button>
    </Tooltip>
  );
}
