import { Search, Star, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { Input } from '@/ui/input';
import { Segmented } from '@/ui/segmented';

interface MarketsToolbarProps {
  query: string;
  onQuery: (query: string) => void;
  quotes: readonly string[];
  quote: string;
  onQuote: (quote: string) => void;
  favouritesOnly: boolean;
  onFavouritesOnly: (only: boolean) => void;
}

const ALL = 'all';

function SearchField({ query, onQuery }: Pick<MarketsToolbarProps, 'query' | 'onQuery'>) {
  const { t } = useTranslation('markets');
  return (
    <Input
      type="search"
      value={query}
      onChange={(event) => onQuery(event.target.value)}
      placeholder={t('search')}
      aria-label={t('search')}
      className="h-9 w-full sm:w-64 [&_input]:[&::-webkit-search-cancel-button]:hidden"
      prefixNode={<Search className="size-4 text-quiet" aria-hidden />}
      suffix={
        query === '' ? undefined : (
          <button
            type="button"
            aria-label={t('clear')}
            onClick={() => onQuery('')}
            className="grid touch-target place-items-center"
          >
            <X className="size-4" aria-hidden />
          </button>
        )
      }
    />
  );
}

/** Search, quote asset and favourites. */
export function MarketsToolbar(props: MarketsToolbarProps) {
  const { t } = useTranslation('markets');
  const { quotes, quote, onQuote, favouritesOnly, onFavouritesOnly } = props;
  const options = [
    { value: ALL, label: t('allQuotes') },
    ...quotes.map((value) => ({ value, label: value })),
  ];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField query={props.query} onQuery={props.onQuery} />
      <Segmented
        aria-label={t('quote')}
        value={quote === '' ? ALL : quote}
        onChange={(value) => onQuote(value === ALL ? '' : value)}
        options={options}
        className="[&>button]:h-8"
      />
      <button
        type="button"
        aria-pressed={favouritesOnly}
        onClick={() => onFavouritesOnly(!favouritesOnly)}
        className={cn(
          'inline-flex h-9 touch-target items-center gap-2 rounded-control border border-line px-3 text-13 font-medium',
          favouritesOnly ? 'bg-raised text-strong' : 'text-quiet hover:text-strong',
        )}
      >
        <Star className={cn('size-4', favouritesOnly && 'fill-current text-warn')} aria-hidden />
        {t('favourites')}
      </button>
    </div>
  );
}
