import { Timer } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { Segmented } from '@/ui/segmented';
import {
  chooseCancelTimer,
  formatLeft,
  LENGTHS_MINUTES,
  resumeCancelTimer,
  useCancelTimer,
} from './cancel-timer';

function useSecond(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

/** Cancels all orders when this page is closed or cut off: shows how long it would take, and sets it. */
export function CancelTimerButton() {
  const { t } = useTranslation('trade');
  const { minutes, cancelsAt, failing } = useCancelTimer();
  const now = useSecond(cancelsAt !== null);
  useEffect(resumeCancelTimer, []);
  const armed = minutes > 0;
  const options = [
    { value: '0', label: t('timer.off') },
    ...LENGTHS_MINUTES.map((length) => ({
      value: `${length}`,
      label: t('timer.minutes', { minutes: length }),
    })),
  ];
  const left = armed && cancelsAt !== null ? formatLeft(cancelsAt, now) : null;
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={left === null ? t('timer.title') : t('timer.armed', { left })}
        title={t('timer.title')}
        className={cn(
          'inline-flex h-7 touch-target items-center gap-1.5 rounded-control px-2 num text-12 hover:bg-raised',
          failing && armed ? 'text-sell' : armed ? 'text-warn' : 'text-quiet hover:text-strong',
        )}
      >
        <Timer className="size-4" aria-hidden />
        {left}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          side="top"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('timer.title')}
          className="z-50 w-80 animate-appear rounded-panel border border-line bg-panel p-4 shadow-float"
        >
          <h3 className="text-14 font-semibold">{t('timer.title')}</h3>
          <p className="mt-1 mb-3 text-13 text-quiet">{t('timer.text')}</p>
          <Segmented
            aria-label={t('timer.title')}
            value={`${minutes}`}
            onChange={(length) => void chooseCancelTimer(Number(length))}
            options={options}
            className="w-full"
          />
          <p role="status" className={cn('mt-3 text-13', failing && armed ? 'text-sell' : 'text-normal')}>
            {failing && armed ? t('timer.failing') : t(armed ? 'timer.on' : 'timer.offText', { minutes })}
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
