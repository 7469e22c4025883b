import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { toast } from '@/ui/toast';

interface RemoveButtonProps<Input> {
  label: string;
  /** Names the thing, for those who do not see the row. */
  ariaLabel?: string;
  title: string;
  text: string;
  done: string;
  input: Input;
  mutation: UseMutationResult<unknown, Error, Input>;
}

/** Takes something away after one question. */
export function RemoveButton<Input>({
  label,
  ariaLabel,
  title,
  text,
  done,
  input,
  mutation,
}: RemoveButtonProps<Input>) {
  const { t } = useTranslation('common');
  const [asking, setAsking] = useState(false);
  const confirm = () =>
    mutation.mutate(input, {
      onSuccess: () => {
        setAsking(false);
        toast.success(done);
      },
    });
  const change = (open: boolean) => {
    setAsking(open);
    mutation.reset();
  };
  return (
    <>
      <Button variant="ghost" size="sm" aria-label={ariaLabel} onClick={() => change(true)}>
        {label}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={change}
        title={title}
        text={text}
        action={label}
        cancel={t('cancel')}
        closeLabel={t('close')}
        busy={mutation.isPending}
        error={mutation.isError ? errorText(mutation.error) : undefined}
        onConfirm={confirm}
      />
    </>
  );
}
