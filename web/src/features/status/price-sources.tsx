import { useTranslation } from 'react-i18next';
import type { PriceSource } from '@/api/types';
import { usePriceSource } from '@/stream/price-source';
import { Badge } from '@/ui/badge';
import { Card, CardHead } from '@/ui/card';
import { calculateSourceRows, type SourceRow } from './source-rows';

function Row({ row }: { row: SourceRow }) {
  const { t } = useTranslation('status');
  return (
    <li className="flex items-center justify-between gap-4 border-t border-line px-4 py-3">
      <div className="grid min-w-0 gap-0.5">
        <span className="font-medium text-strong">{row.name}</span>
        <span className="text-13 text-quiet">{t(`sourceText.${row.status}`, { count: row.markets })}</span>
      </div>
      <span className="flex shrink-0 items-center gap-3">
        <span className="num text-12 text-quiet">{row.age}</span>
        <Badge tone={row.tone}>{t(`sourceState.${row.status}`)}</Badge>
      </span>
    </li>
  );
}

/** Who is asked for prices, and what part each has in them now. Live while prices come, else as the server last said. */
export function PriceSources({ reported }: { reported: PriceSource['sources'] }) {
  const { t, i18n } = useTranslation('status');
  const sources = usePriceSource()?.sources ?? reported;
  if (sources.length === 0) return null;
  return (
    <Card>
      <CardHead title={t('sources')} />
      <p className="border-t border-line px-4 py-3 text-13 text-quiet">{t('sourcesText')}</p>
      <ul>
        {calculateSourceRows(sources, i18n.language).map((row) => (
          <Row key={row.name} row={row} />
        ))}
      </ul>
    </Card>
  );
}
