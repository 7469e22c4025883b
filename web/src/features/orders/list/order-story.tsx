import { useQuery } from '@tanstack/react-query';
import { ArrowRightLeft, Ban, Flag, Pencil, Plus, Sunrise, Zap, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { explainQuery } from '@/api/orders';
import type { Explanation, Order } from '@/api/types';
import { formatDateTime, formatTime } from '@/lib/dates';
import { Dialog, SheetContent } from '@/ui/dialog';
import { ErrorState } from '@/ui/error-state';
import { Skeleton } from '@/ui/skeleton';
import { useStoryText } from './use-story-text';
import { formatPrice, formatQty, SideText, TypeText, type Precision } from './order-cells';

type Step = Explanation['steps'][number];

const ICONS: Record<Step['kind'], LucideIcon> = {
  placed: Plus,
  fired: Zap,
  woken: Sunrise,
  amended: Pencil,
  traded: ArrowRightLeft,
  changed: Pencil,
  ended: Flag,
};

/** Levels of the book as it was; the nearest few are enough to see why. */
const SHOWN = 5;

interface PartProps {
  step: Step;
  /** What happened, in words. */
  text: string;
  order: Order;
  precision: Precision;
}

function BookThen({ step: { book }, order, precision }: Omit<PartProps, 'text'>) {
  const { t } = useTranslation('trade');
  if (book === null || book.bids.length + book.asks.length === 0) return null;
  const sides = [
    ['bid', book.bids.slice(0, SHOWN), 'text-buy'],
    ['ask', book.asks.slice(0, SHOWN), 'text-sell'],
  ] as const;
  return (
    <details className="mt-1 text-12">
      <summary className="touch-target w-fit text-quiet hover:text-strong">{t('story.book')}</summary>
      <div className="mt-1 grid grid-cols-2 gap-4 rounded-control bg-raised/50 p-2 font-mono num">
        {sides.map(([side, levels, tone]) => (
          <div key={side}>
            <div className="font-sans text-quiet">{t(`story.${side}s`)}</div>
            <dl className="grid gap-0.5">
              {levels.map(([price, qty]) => (
                <div key={price} className="flex justify-between gap-2">
                  <dt className={tone}>{formatPrice(price, order.market, precision)}</dt>
                  <dd className="text-normal">{formatQty(qty, order.market, precision)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </details>
  );
}

function StepTrades({ step: { trades }, order, precision }: Omit<PartProps, 'text'>) {
  const { t } = useTranslation('trade');
  if (trades.length === 0) return null;
  return (
    <ul className="mt-1 grid gap-0.5 num text-12">
      {trades.map((trade) => (
        <li key={trade.trade_id} className="flex gap-3">
          <span className="text-strong">{formatQty(trade.qty, order.market, precision)}</span>
          <span className="text-normal">@ {formatPrice(trade.price, order.market, precision)}</span>
          <span className="text-quiet">
            {t(`orders.roles.${trade.role}`)} · #{trade.trade_id}
          </span>
        </li>
      ))}
    </ul>
  );
}

function StoryStep(props: PartProps) {
  const { t, i18n } = useTranslation('trade');
  const { kind, at, seq } = props.step;
  const Icon = kind === 'ended' && props.order.status !== 'filled' ? Ban : ICONS[kind];
  return (
    <li className="relative pb-5 pl-10 before:absolute before:top-7 before:bottom-0 before:left-3.5 before:w-px before:bg-line last:pb-0 last:before:hidden">
      <span
        aria-hidden
        className="absolute top-0 left-0 grid size-7 place-items-center rounded-full border border-line bg-raised text-normal"
      >
        <Icon className="size-3.5" />
      </span>
      <div className="flex min-h-7 flex-wrap items-center gap-x-2">
        <h3 className="text-13 font-medium">{t(`story.kinds.${kind}`)}</h3>
        <time dateTime={at} className="num text-12 text-quiet">
          {formatTime(at, i18n.language)}
        </time>
        <span className="ml-auto num text-12 text-quiet">{t('story.seq', { seq })}</span>
      </div>
      <p className="text-13 text-normal">{props.text}</p>
      <StepTrades {...props} />
      <BookThen {...props} />
    </li>
  );
}

function Story({ order, precision }: { order: Order; precision: Precision }) {
  const { t, i18n } = useTranslation('trade');
  const { data, error, refetch } = useQuery(explainQuery(order.id, order.seq));
  const tell = useStoryText();
  if (error !== null && data === undefined)
    return (
      <ErrorState
        title={t('story.failed')}
        text={errorText(error)}
        retryLabel={t('orders.retry')}
        onRetry={() => void refetch()}
      />
    );
  if (data === undefined || tell === undefined)
    return (
      <div aria-busy className="grid gap-6">
        {[1, 2, 3].map((row) => (
          <Skeleton key={row} className="h-12" />
        ))}
      </div>
    );
  return (
    <>
      <p className="mb-4 text-12 text-quiet">{formatDateTime(data.order.created_at, i18n.language)}</p>
      <ol data-testid="order-story">
        {data.steps.map((step, index) => (
          <StoryStep
            key={`${step.seq} ${index}`}
            step={step}
            text={tell(step)}
            order={data.order}
            precision={precision}
          />
        ))}
      </ol>
      {!data.complete && (
        <p role="status" className="mt-4 text-12 text-quiet">
          {data.pending
            ? t('story.pending', { time: data.reached_at && formatDateTime(data.reached_at, i18n.language) })
            : t('story.partial')}
        </p>
      )}
    </>
  );
}

interface OrderStoryProps {
  /** Whose story is open; null for none. */
  order: Order | null;
  precision: Precision;
  onClose: () => void;
}

/** What happened to an order, step by step, as the journal has it. */
export function OrderStory({ order, precision, onClose }: OrderStoryProps) {
  const { t } = useTranslation('trade');
  return (
    <Dialog open={order !== null} onOpenChange={(open) => !open && onClose()}>
      {order !== null && (
        <SheetContent
          side="right"
          title={t('story.title', { id: order.id })}
          description={
            <>
              <SideText side={order.side} /> {formatQty(order.qty, order.market, precision)} {order.market},{' '}
              <TypeText order={order} precision={precision} />
            </>
          }
          closeLabel={t('ticket.close')}
        >
          <Story order={order} precision={precision} />
        </SheetContent>
      )}
    </Dialog>
  );
}
