import { useTranslation } from 'react-i18next';
import { Area, AreaChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { ValuePoint } from '@/api/types';
import { formatDate, formatDateTime } from '@/lib/dates';
import { toChartNumber } from '@/lib/decimal';
import { formatCompact, formatUsd } from '@/lib/format';

interface ValueChartProps {
  points: ValuePoint[];
  hidden: boolean;
}

interface Row {
  time: number;
  value: number;
  point: ValuePoint;
}

/** Less is not a course yet, only a jump. */
const MIN_SPAN_MS = 60_000;

/** What tells two neighbouring ticks apart: the seconds, the time or the day. */
function tickFormat(span: number): Intl.DateTimeFormatOptions {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  if (span < 15 * 60_000) return { ...time, second: '2-digit' };
  return span < 2 * 86_400_000 ? time : { month: 'short', day: 'numeric' };
}

function Reading({ row, hidden, language }: { row: Row | undefined; hidden: boolean; language: string }) {
  if (row === undefined) return null;
  return (
    <div className="rounded-control border border-line bg-raised px-2.5 py-1.5 shadow-float">
      <p className="text-12 text-quiet">{formatDateTime(row.point.at, language)}</p>
      <p className="num text-14 font-medium text-strong">
        {hidden ? '••••••' : formatUsd(row.point.value_usd)}
      </p>
    </div>
  );
}

/** The course of the value; floats here are pixels, the figures shown are the decimal strings. */
export default function ValueChart({ points, hidden }: ValueChartProps) {
  const { t, i18n } = useTranslation('portfolio');
  const rows: Row[] = points.map((point) => ({
    time: Date.parse(point.at),
    value: toChartNumber(point.value_usd),
    point,
  }));
  const span = (rows.at(-1)?.time ?? 0) - (rows[0]?.time ?? 0);
  if (rows.length < 2 || span < MIN_SPAN_MS) {
    return (
      <p className="grid size-full place-items-center text-center text-14 text-quiet">{t('noHistory')}</p>
    );
  }
  const tickTime = (time: number) => new Intl.DateTimeFormat(i18n.language, tickFormat(span)).format(time);
  const label = t('chartLabel', { from: formatDate(points[0]?.at ?? '', i18n.language) });
  return (
    <div role="img" aria-label={label} className="size-full">
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart data={rows} margin={{ top: 12, right: 8, bottom: 0, left: 8 }} accessibilityLayer={false}>
          <defs>
            <linearGradient id="value-fill" x1="0" y1="0" x2="0" y2="1">
              <stop offset="0%" stopColor="var(--brand)" stopOpacity={0.22} />
              <stop offset="100%" stopColor="var(--brand)" stopOpacity={0} />
            </linearGradient>
          </defs>
          <XAxis
            dataKey="time"
            type="number"
            domain={['dataMin', 'dataMax']}
            tickFormatter={tickTime}
            tick={{ fill: 'var(--quiet)', fontSize: 12 }}
            tickLine={false}
            axisLine={false}
            minTickGap={56}
          />
          <YAxis
            orientation="right"
            width={hidden ? 8 : 60}
            domain={['auto', 'auto']}
            tickFormatter={(value: number) => (hidden ? '' : `$${formatCompact(value.toFixed(2))}`)}
            tick={{ fill: 'var(--quiet)', fontSize: 12 }}
            tickLine={false}
            axisLine={false}
            tickCount={4}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--quiet)', strokeDasharray: '3 3' }}
            content={({ payload }) => (
              <Reading
                row={payload[0]?.payload as Row | undefined}
                hidden={hidden}
                language={i18n.language}
              />
            )}
          />
          <Area
            dataKey="value"
            type="linear"
            stroke="var(--brand)"
            strokeWidth={1.75}
            fill="url(#value-fill)"
            isAnimationActive={false}
            activeDot={{ r: 3.5, fill: 'var(--brand)', stroke: 'var(--panel)', strokeWidth: 2 }}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}
