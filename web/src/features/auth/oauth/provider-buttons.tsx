import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { goToProvider, providersQuery } from '@/api/providers';
import { Button } from '@/ui/button';
import { ProviderMark } from '@/ui/provider-mark';

/** One button for each provider that this exchange is set up for; none, nothing. */
export function ProviderButtons({ next }: { next: string }) {
  const { t } = useTranslation('auth');
  const { data } = useQuery(providersQuery);
  return data?.items.map((provider) => (
    <Button
      key={provider}
      variant="secondary"
      size="lg"
      className="text-14"
      onClick={() => void goToProvider(provider, 'login', next)}
    >
      <ProviderMark provider={provider} />
      {t('providers.continue', { provider: t(`providers.${provider}`) })}
    </Button>
  ));
}
