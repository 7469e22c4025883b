import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { errorText } from '@/api/error-text';
import { AuthCard } from '@/features/auth/auth-card';
import { isQuestion, useFinishProvider, type SecondFactorQuestion } from '@/features/auth/auth-api';
import { isRefusal, type Refusal } from '@/features/auth/oauth/refusal';
import { SecondFactorStep } from '@/features/auth/second-factor/second-factor-step';
import { arrive } from '@/lib/oauth';
import { paths, returnPath } from '@/lib/paths';
import { useTitle } from '@/lib/use-title';
import { Button } from '@/ui/button';
import { FormError } from '@/ui/form-error';
import { Skeleton } from '@/ui/skeleton';

/** What the provider's redirect left behind the #, and what this tab kept when it left. */
function readArrival() {
  const fragment = new URLSearchParams(window.location.hash.slice(1));
  const said = fragment.get('error');
  const refusal: Refusal | null = said === null ? null : isRefusal(said) ? said : 'provider';
  return { code: fragment.get('code') ?? '', refusal, departure: arrive() };
}

export function Component() {
  const { t } = useTranslation('auth');
  const navigate = useNavigate();
  const client = useQueryClient();
  const [{ code, refusal, departure }] = useState(readArrival);
  const [question, setQuestion] = useState<SecondFactorQuestion | null>(null);
  const finish = useFinishProvider();
  const begun = useRef(false);
  useTitle(t('callback.title'));
  const back = departure?.purpose === 'link' ? paths.security : returnPath(departure?.next);
  const done = () => void navigate(back, { replace: true });
  useEffect(() => {
    // The code is good once, so a second mount in development must not spend it again.
    if (begun.current || departure === null || code === '') return;
    begun.current = true;
    finish.mutate(
      { code, ...departure },
      {
        onSuccess: (answer) => {
          if (answer !== null && isQuestion(answer)) setQuestion(answer);
          else void client.invalidateQueries({ queryKey: ['security'] }).then(done);
        },
      },
    );
  });
  if (question !== null) {
    return (
      <AuthCard title={t('secondStep.title')} text={t('secondStep.textOther')}>
        <SecondFactorStep
          key={question.challenge}
          question={question}
          onDone={done}
          onQuestion={setQuestion}
          onBack={() => void navigate(paths.login)}
        />
      </AuthCard>
    );
  }
  const problem = departure === null ? 'state' : refusal;
  if (problem === null && !finish.isError) {
    return (
      <AuthCard title={t('callback.title')}>
        <Skeleton className="h-24" />
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t('callback.failed')}>
      <FormError>{problem === null ? errorText(finish.error) : t(`callback.${problem}`)}</FormError>
      <Button asChild>
        <Link to={departure?.purpose === 'link' ? paths.security : paths.login}>{t('callback.back')}</Link>
      </Button>
    </AuthCard>
  );
}
