import { ArrowLeftRight, Coins, Megaphone, ShieldCheck, type LucideIcon } from 'lucide-react';
import type { NoticeCategory } from '@/api/types';
import { cn } from '@/lib/cn';

const MARKS: Record<NoticeCategory, { icon: LucideIcon; tone: string }> = {
  security: { icon: ShieldCheck, tone: 'text-warn bg-warn/14' },
  money: { icon: Coins, tone: 'text-buy bg-buy/12' },
  trading: { icon: ArrowLeftRight, tone: 'text-brand bg-brand/12' },
  news: { icon: Megaphone, tone: 'text-info bg-info/12' },
};

export function CategoryMark({ category }: { category: NoticeCategory }) {
  const { icon: Icon, tone } = MARKS[category];
  return (
    <span aria-hidden className={cn('grid size-8 shrink-0 place-items-center rounded-full', tone)}>
      <Icon className="size-4" />
    </span>
  );
}
