import { create } from 'zustand';
import { ApiError } from './errors';
import type { StepUpAct } from './types';

export const STEP_UP_HEADER = 'X-Step-Up';

interface Asked {
  act: StepUpAct;
  /** With the token of a proof, or null where the person changed their mind. */
  settle: (token: string | null) => void;
}

/** The act that waits for a fresh proof; whoever shows the dialog follows this. */
export const useStepUp = create<{ asked: Asked | null }>()(() => ({ asked: null }));

function ask(act: StepUpAct): Promise<string | null> {
  useStepUp.getState().asked?.settle(null);
  return new Promise((resolve) => {
    const settle = (token: string | null) => {
      useStepUp.setState({ asked: null });
      resolve(token);
    };
    useStepUp.setState({ asked: { act, settle } });
  });
}

/** The act that a refusal asks a fresh proof for; null where that is not what is wrong. */
export function actToProve({ code, details }: ApiError): StepUpAct | null {
  if (code !== 'STEP_UP_REQUIRED' || typeof details !== 'object' || details === null) return null;
  return 'act' in details ? (details.act as StepUpAct) : null;
}

/** Has the person prove who they are for one act; throws where they would not. */
export async function stepUpFor(act: StepUpAct): Promise<string> {
  const token = await ask(act);
  if (token !== null) return token;
  throw new ApiError('Not confirmed.', { status: 403, code: 'STEP_UP_CANCELLED' });
}
