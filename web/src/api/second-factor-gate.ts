import { create } from 'zustand';

/** Whether something was refused because the account has no second factor yet; a dialog then leads to setting one up. */
export const useSecondFactorGate = create<{ asked: boolean }>()(() => ({ asked: false }));

export const askForSecondFactor = () => useSecondFactorGate.setState({ asked: true });
export const closeSecondFactorGate = () => useSecondFactorGate.setState({ asked: false });
