import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { configQuery } from '@/api/config';
import { isPaper, paperOf, realOf } from '@/lib/paper';
import { paths } from '@/lib/paths';
import { Segmented } from '@/ui/segmented';

/** From a market to its paper and back; nothing where the exchange has no paper trading. */
export function PaperSwitch({ pair }: { pair: string }) {
  const { t } = useTranslation('trade');
  const navigate = useNavigate();
  const { data: config } = useQuery(configQuery);
  if (config?.paper_start_balance == null) return null;
  return (
    <Segmented
      aria-label={t('paper.switch')}
      value={isPaper(pair) ? 'paper' : 'real'}
      onChange={(kind) => void navigate(paths.trade(kind === 'paper' ? paperOf(pair) : realOf(pair)))}
      options={[
        { value: 'real', label: t('paper.real') },
        { value: 'paper', label: t('paper.name') },
      ]}
    />
  );
}
