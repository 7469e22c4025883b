import { Pie, PieChart } from 'recharts';
import { toChartNumber } from '@/lib/decimal';
import { sliceColour } from './slice-colour';
import type { Slice } from './value-range';

interface AllocationRingProps {
  slices: Slice[];
  active: number | null;
  onActive: (index: number | null) => void;
}

/** The table beside it carries the figures, so the ring itself is hidden from screen readers. */
export default function AllocationRing({ slices, active, onActive }: AllocationRingProps) {
  const rows = slices.map((slice, index) => ({
    asset: slice.asset,
    value: toChartNumber(slice.value_usd),
    fill: sliceColour(index),
    opacity: active === null || active === index ? 1 : 0.35,
  }));
  return (
    <div aria-hidden>
      <PieChart width={160} height={160} accessibilityLayer={false}>
        <Pie
          data={rows}
          dataKey="value"
          nameKey="asset"
          innerRadius={54}
          outerRadius={76}
          startAngle={90}
          endAngle={-270}
          minAngle={3}
          stroke="var(--panel)"
          strokeWidth={2}
          isAnimationActive={false}
          rootTabIndex={-1}
          onMouseEnter={(_, index) => onActive(index)}
          onMouseLeave={() => onActive(null)}
        />
      </PieChart>
    </div>
  );
}
