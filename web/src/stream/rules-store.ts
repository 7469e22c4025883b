import { create } from 'zustand';
import type { RulesMessage } from './messages';

interface RulesStore {
  /** The rules of the market that was changed last. */
  latest: RulesMessage | null;
  /** How often the fee schedule was changed. */
  schedules: number;
}

export const useRules = create<RulesStore>()(() => ({ latest: null, schedules: 0 }));

export function setRulesRaw(latest: RulesMessage): void {
  useRules.setState({ latest });
}

export function noteSchedule(): void {
  useRules.setState(({ schedules }) => ({ schedules: schedules + 1 }));
}
