import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { Button } from '@/ui/button';
import { isQuestion, useAnswerQuestion, type SecondFactorQuestion } from '../auth-api';
import { ProofForm, type ShownProof } from './proof-form';

interface SecondFactorStepProps {
  question: SecondFactorQuestion;
  onDone: () => void;
  /** Something more is asked for: administrators are sent a code. */
  onQuestion: (question: SecondFactorQuestion) => void;
  onBack: () => void;
}

/** The second step of logging in. */
export function SecondFactorStep({ question, onDone, onQuestion, onBack }: SecondFactorStepProps) {
  const { t } = useTranslation('auth');
  const answer = useAnswerQuestion();
  const send = ({ method, code = '', credential = null }: ShownProof) => {
    if (method === 'password' || method === 'mailed_code') return;
    const proof = { method, code, credential };
    answer.mutate(
      { challenge: question.challenge, proof },
      {
        onSuccess: (said) => (isQuestion(said) ? onQuestion(said) : onDone()),
      },
    );
  };
  return (
    <div className="grid gap-5">
      <ProofForm
        methods={question.methods}
        question={() => Promise.resolve(question.passkey ?? {})}
        busy={answer.isPending}
        error={answer.isError ? errorText(answer.error) : undefined}
        onProof={send}
        onSwitch={() => answer.reset()}
      />
      <Button variant="ghost" onClick={onBack}>
        {t('proof.back')}
      </Button>
    </div>
  );
}
