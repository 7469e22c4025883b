import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/button';
import type { Sentence } from './ticket-sentence';
import type { TicketMarket, TicketProblem, TicketState } from './types';
import type { Submission } from './use-place-order';

interface TicketSubmitProps {
  ticket: TicketState;
  market: TicketMarket;
  sentence: Sentence | null;
  problem: TicketProblem | null;
  submission: Submission;
  noteId: string;
  onRetry: () => void;
  onDismiss: () => void;
}

/** The order whose outcome is not known: never sent again under a new key. */
function UnknownOutcome({ onRetry, onDismiss }: Pick<TicketSubmitProps, 'onRetry' | 'onDismiss'>) {
  const { t } = useTranslation('trade');
  return (
    <div
      role="alert"
      className="grid gap-2 rounded-control border border-warn/40 bg-warn/10 p-2.5 text-13 text-normal"
    >
      <p>{t('ticket.unknown')}</p>
      <div className="flex gap-2">
        <Button size="sm" onClick={onRetry}>
          {t('ticket.retry')}
        </Button>
        <Button size="sm" variant="ghost" onClick={onDismiss}>
          {t('ticket.discard')}
        </Button>
      </div>
    </div>
  );
}

function Note({ problem, submission, noteId }: Pick<TicketSubmitProps, 'problem' | 'submission' | 'noteId'>) {
  const { t } = useTranslation('trade');
  if (submission.phase === 'refused') {
    return (
      <p id={noteId} role="alert" className="text-13 text-sell">
        {t('ticket.refused', { reason: submission.message })} {t('ticket.keepTyped')}
      </p>
    );
  }
  const tone = problem?.kind === 'invalid' ? 'text-sell' : 'text-quiet';
  return (
    <p id={noteId} role="status" className={`min-h-[2.8em] text-13 text-balance ${tone}`}>
      {problem !== null && t(`problem.${problem.code}`, problem.values)}
    </p>
  );
}

/** One sentence of what will happen, the button that does it, and why it cannot be pressed. */
export function TicketSubmit(props: TicketSubmitProps) {
  const { t } = useTranslation('trade');
  const { ticket, market, sentence, problem, submission } = props;
  if (submission.phase === 'unknown')
    return <UnknownOutcome onRetry={props.onRetry} onDismiss={props.onDismiss} />;
  const busy = submission.phase === 'sending' || submission.phase === 'checking';
  const verb = t(`ticket.submit_${ticket.side}`, { asset: market.base });
  const label = busy ? t(submission.phase === 'sending' ? 'ticket.sending' : 'ticket.checking') : verb;
  return (
    <div className="grid gap-2">
      <p data-testid="order-sentence" className="min-h-[2.8em] num text-13 text-balance text-strong">
        {sentence !== null && `${t(sentence.key, sentence.values)}.`}
      </p>
      <Button
        type="submit"
        variant={ticket.side}
        busy={busy}
        disabled={busy}
        aria-disabled={problem !== null || undefined}
        aria-describedby={props.noteId}
        className="h-10 w-full font-semibold"
      >
        {label}
      </Button>
      <Note problem={problem} submission={submission} noteId={props.noteId} />
    </div>
  );
}
