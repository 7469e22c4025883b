import { KeyRound, LifeBuoy, Lock, Mail, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnyProof } from '@/api/types';
import { passkeysSupported } from '@/lib/passkeys';
import { Button } from '@/ui/button';
import { CodeProof } from './code-proof';
import { MailedCodeProof } from './mailed-code-proof';
import { PasskeyProof } from './passkey-proof';
import { PasswordProof } from './password-proof';
import { RecoveryProof } from './recovery-proof';

/** What may be asked for: a proof of the account's own, or the code that administrators are sent. */
export type Way = AnyProof['method'] | 'admin_code';
export type ShownProof = Omit<AnyProof, 'method'> & { method: Way };

interface ProofFormProps {
  /** What the account has, the best first. */
  methods: readonly Way[];
  question: () => Promise<Record<string, unknown>>;
  busy: boolean;
  error: string | undefined;
  onProof: (proof: ShownProof) => void;
  /** Has a code mailed, where that is a way. */
  onOrder?: () => Promise<unknown>;
  /** Forgets what was said about the last try. */
  onSwitch: () => void;
}

const ICONS = {
  passkey: KeyRound,
  totp: Smartphone,
  recovery_code: LifeBuoy,
  password: Lock,
  mailed_code: Mail,
  admin_code: Mail,
} as const;

/** One way to prove who one is, and the other ways below it. */
export function ProofForm({
  methods,
  question,
  onSwitch,
  onOrder = () => Promise.resolve(),
  ...shown
}: ProofFormProps) {
  const { t } = useTranslation('auth');
  const usable = methods.filter((method) => method !== 'passkey' || passkeysSupported());
  const [chosen, setChosen] = useState<Way | undefined>(usable[0]);
  const choose = (method: Way) => {
    setChosen(method);
    onSwitch();
  };
  return (
    <div className="grid gap-5">
      {chosen === 'passkey' && <PasskeyProof question={question} {...shown} />}
      {chosen === 'totp' && <CodeProof method="totp" {...shown} />}
      {chosen === 'admin_code' && <CodeProof method="admin_code" {...shown} />}
      {chosen === 'recovery_code' && <RecoveryProof {...shown} />}
      {chosen === 'password' && <PasswordProof {...shown} />}
      {chosen === 'mailed_code' && <MailedCodeProof order={onOrder} {...shown} />}
      {usable.length > 1 && (
        <div className="grid gap-1 border-t border-line pt-4">
          <p className="mb-1 text-13 text-quiet">{t('proof.other')}</p>
          {usable
            .filter((method) => method !== chosen)
            .map((method) => {
              const Icon = ICONS[method];
              return (
                <Button
                  key={method}
                  variant="ghost"
                  className="-mx-3 justify-start px-3"
                  onClick={() => choose(method)}
                >
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
