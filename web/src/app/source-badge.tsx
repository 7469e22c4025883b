import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { usePriceSource } from '@/stream/price-source';
import { Badge, type Tone } from '@/ui/badge';

const TONES = { live: 'buy', simulated: 'info', stale: 'warn' } as const satisfies Record<string, Tone>;

/** Where the prices come from: live with its name, simulated, or stale. Its note is plain CSS: it is on every page. */
export function SourceBadge({ className }: { className?: string }) {
  const { t } = useTranslation();
  const id = useId();
  const source = usePriceSource();
  if (source === undefined) return null;
  const count = source.sources.filter(({ status }) => status === 'used').length;
  const many = source.kind === 'live' && count > 1;
  return (
    <span className={cn('group/source relative inline-flex', className)}>
      <button
        type="button"
        aria-describedby={id}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        className="touch-target cursor-help rounded-control"
      >
        <Badge tone={TONES[source.kind]} data-testid="price-source" className="max-w-27 sm:max-w-60">
          <span aria-hidden className="size-1.5 shrink-0 rounded-full bg-current" />
          <span className="truncate">
            {many ? (
              <>
                {t('priceSource.liveMany')}
                <span className="max-sm:hidden">{t('priceSource.liveCount', { count })}</span>
              </>
            ) : (
              t(`priceSource.${source.kind}`, { name: source.name })
            )}
          </span>
        </Badge>
      </button>
      <span
        id={id}
        role="tooltip"
        className="invisible absolute top-full right-0 z-50 mt-1 w-60 rounded-control border border-line bg-raised px-2.5 py-1.5 text-12 text-strong opacity-0 shadow-float transition-opacity delay-300 group-focus-within/source:visible group-focus-within/source:opacity-100 group-hover/source:visible group-hover/source:opacity-100"
      >
        {t(`priceSource.${source.kind}Text`, { name: source.name })}
      </span>
    </span>
  );
}
