import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

const badge = cva(
  'inline-flex h-5.5 items-center gap-1.5 rounded-control px-2 text-12 font-medium whitespace-nowrap',
  {
    variants: {
      tone: {
        neutral: 'bg-raised text-normal',
        brand: 'bg-brand/12 text-brand',
        buy: 'bg-buy/12 text-buy',
        sell: 'bg-sell/12 text-sell',
        warn: 'bg-warn/14 text-warn',
        info: 'bg-info/12 text-info',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

export type Tone = NonNullable<VariantProps<typeof badge>['tone']>;

export function Badge({ tone, className, ...props }: ComponentProps<'span'> & { tone?: Tone }) {
  return <span className={cn(badge({ tone }), className)} {...props} />;
}
