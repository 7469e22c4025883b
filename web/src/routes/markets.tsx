export { MarketsPage as Component } from '@/features/markets/markets-page';
