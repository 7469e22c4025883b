import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

const button = cva(
  'inline-flex touch-target shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors select-none disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-brand-fill text-on-brand hover:bg-brand-fill/88',
        secondary: 'border border-line bg-panel text-strong hover:bg-raised',
        ghost: 'text-normal hover:bg-raised hover:text-strong',
        link: 'text-brand underline-offset-4 hover:underline',
        buy: 'bg-buy text-on-fill hover:bg-buy/88',
        sell: 'bg-sell text-on-fill hover:bg-sell/88',
        danger: 'border border-sell/40 text-sell hover:bg-sell/10',
      },
      size: {
        sm: 'h-8 px-3 text-13',
        md: 'h-9 px-4 text-14',
        lg: 'h-11 px-6 text-16',
        icon: 'size-9 text-14',
      },
    },
    compoundVariants: [{ variant: 'link', className: 'h-auto min-h-0 px-0' }],
    defaultVariants: { variant: 'primary', size: 'md' },
  },
);

interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof button> {
  asChild?: boolean;
  /** Shows a spinner and refuses further clicks; the label stays, so the width does not change. */
  busy?: boolean;
}

export function Button({
  className,
  variant,
  size,
  asChild,
  busy,
  children,
  disabled,
  ...props
}: ButtonProps) {
  const classes = cn(button({ variant, size }), className);
  if (asChild === true) {
    return (
      <Slot.Root className={classes} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button type="button" className={classes} disabled={disabled ?? busy} aria-busy={busy} {...props}>
      {busy === true && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}
