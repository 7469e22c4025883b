import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { useAnswerQuestion, type SecondFactorQuestion } from '../auth-api';
import { ProofForm } from './proof-form';

interface SecondFactorStepProps {
  question: SecondFactorQuestion;
  onDone: () => void;
  onBack: () => void;
}

/** The second step of logging in. */
export function SecondFactorStep({ question, onDone, onBack }: SecondFactorStepProps) {
  const { t } = useTranslation('auth');
  const answer = useAnswerQuestion();
  return (
    <div className="grid gap-5">
      <ProofForm
        methods={question.methods}
        question={() => Promise.resolve(question.passkey ?? {})}
        busy={answer.isPending}
        error={answer.isError ? errorText(answer.error) : undefined}
        onProof={(proof) => answer.mutate({ challenge: question.challenge, proof }, { onSuccess: onDone })}
        onSwitch={() => answer.reset()}
      />
      <Button variant="ghost" onClick={onBack}>
        {t('proof.back')}
      </Button>
    </div>
  );
}
