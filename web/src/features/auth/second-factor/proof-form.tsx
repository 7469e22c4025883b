import { KeyRound, LifeBuoy, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proof, ProofMethod } from '@/api/types';
import { passkeysSupported } from '@/lib/passkeys';
import { Button } from '@/ui/button';
import { PasskeyProof } from './passkey-proof';
import { RecoveryProof } from './recovery-proof';
import { TotpProof } from './totp-proof';

interface ProofFormProps {
  /** What the account has, the best first. */
  methods: readonly ProofMethod[];
  question: () => Promise<Record<string, unknown>>;
  busy: boolean;
  error: string | undefined;
  onProof: (proof: Proof) => void;
  /** Forgets what was said about the last try. */
  onSwitch: () => void;
}

const ICONS = { passkey: KeyRound, totp: Smartphone, recovery_code: LifeBuoy } as const;

/** One way to prove who one is, and the other ways below it. */
export function ProofForm({ methods, question, busy, error, onProof, onSwitch }: ProofFormProps) {
  const { t } = useTranslation('auth');
  const usable = methods.filter((method) => method !== 'passkey' || passkeysSupported());
  const [chosen, setChosen] = useState<ProofMethod | undefined>(usable[0]);
  const choose = (method: ProofMethod) => {
    setChosen(method);
    onSwitch();
  };
  return (
    <div className="grid gap-5">
      {chosen === 'passkey' && <PasskeyProof question={question} busy={busy} onProof={onProof} />}
      {chosen === 'totp' && <TotpProof busy={busy} error={error} onProof={onProof} />}
      {chosen === 'recovery_code' && <RecoveryProof busy={busy} error={error} onProof={onProof} />}
      {chosen === 'passkey' && error !== undefined && (
        <p role="alert" className="text-13 text-sell">
          {error}
        </p>
      )}
      {usable.length > 1 && (
        <div className="grid gap-1 border-t border-line pt-4">
          <p className="text-13 text-quiet">{t('proof.other')}</p>
          {usable
            .filter((method) => method !== chosen)
            .map((method) => {
              const Icon = ICONS[method];
              return (
                <Button key={method} variant="ghost" className="justify-start" onClick={() => choose(method)}>
                  <Icon aria-hidden />
                  {t(`proof.method.${method}`)}
                </Button>
              );
            })}
        </div>
      )}
    </div>
  );
}
