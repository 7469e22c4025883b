import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { passkeysSupported } from '@/lib/passkeys';
import { Button } from '@/ui/button';
import { toast } from '@/ui/toast';
import { FormDialog } from '../form-dialog';
import { useAddPasskey } from '../security-api';
import { NameForm } from './name-form';

/** A name first, then the browser's own window. */
export function AddPasskey({ onCodes }: { onCodes: (codes: readonly string[]) => void }) {
  const { t } = useTranslation('security');
  const add = useAddPasskey();
  if (!passkeysSupported()) return <span className="text-13 text-quiet">{t('passkeys.unsupported')}</span>;
  const addAs = (name: string, close: () => void) =>
    add.mutate(name, {
      onSuccess: (answer) => {
        close();
        if (answer.recovery_codes.length === 0) toast.success(t('passkeys.done'));
        onCodes(answer.recovery_codes);
      },
    });
  return (
    <FormDialog
      title={t('passkeys.add')}
      text={t('passkeys.text')}
      trigger={
        <Button variant="secondary" size="sm">
          {t('passkeys.add')}
        </Button>
      }
    >
      {(close) => (
        <NameForm
          name={t('passkeys.defaultName')}
          action={t('passkeys.add')}
          busy={add.isPending}
          error={add.isError ? errorText(add.error) : undefined}
          onName={(name) => addAs(name, close)}
        />
      )}
    </FormDialog>
  );
}
