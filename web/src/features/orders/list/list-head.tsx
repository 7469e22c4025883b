import { useTranslation } from 'react-i18next';
import { Th } from '@/ui/table';

/** Columns of text; figures stand at the right. */
const TEXT = new Set<string>(['time', 'market', 'side', 'type', 'role', 'status']);

interface ListHeadProps {
  columns: readonly (
    | 'time'
    | 'market'
    | 'side'
    | 'type'
    | 'role'
    | 'trigger'
    | 'price'
    | 'average'
    | 'amount'
    | 'filled'
    | 'total'
    | 'fee'
    | 'status'
    | 'actions'
  )[];
}

/** The head of a list of orders or fills. The column of buttons is named for screen readers only. */
export function ListHead({ columns }: ListHeadProps) {
  const { t } = useTranslation('trade');
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <Th key={column} className={TEXT.has(column) ? undefined : 'text-right'}>
            {column === 'actions' ? (
              <span className="sr-only">{t('orders.actions')}</span>
            ) : (
              t(`orders.${column}`)
            )}
          </Th>
        ))}
      </tr>
    </thead>
  );
}
