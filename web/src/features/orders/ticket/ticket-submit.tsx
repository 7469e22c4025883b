import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import { ApiError } from '@/api/errors';
import type { ServerPreview } from './preview-figures';
import { Button } from '@/ui/button';
import type { Sentence } from './ticket-sentence';
import type { TicketMarket, TicketProblem, TicketState } from './types';
import type { Submission } from './use-place-order';

interface TicketSubmitProps {
  ticket: TicketState;
  market: TicketMarket;
  sentences: Sentence[];
  /** Why the exchange would refuse it as things stand. */
  refusal: ServerPreview['refusal'];
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

function refusalText({ code, message }: NonNullable<ServerPreview['refusal']>): string {
  return errorText(new ApiError(message, { status: 409, code }));
}

/** One place for one message: what would happen, or why it cannot, or why it did not. */
function Note({
  sentences,
  refusal,
  problem,
  submission,
  noteId,
}: Omit<TicketSubmitProps, 'ticket' | 'market' | 'onRetry' | 'onDismiss'>) {
  const { t } = useTranslation('trade');
  const text = 'min-h-[2.8em] content-center text-13 text-balance';
  if (submission.phase === 'refused') {
    return (
      <p id={noteId} role="alert" className={`${text} text-sell`}>
        {t('ticket.refused', { reason: submission.message })}
      </p>
    );
  }
  if (problem !== null) {
    return (
      <p
        id={noteId}
        role="status"
        className={`${text} ${problem.kind === 'invalid' ? 'text-sell' : 'text-quiet'}`}
      >
        {t(`problem.${problem.code}`, problem.values)}
      </p>
    );
  }
  if (refusal !== null) {
    return (
      <p id={noteId} role="status" className={`${text} text-warn`}>
        {refusalText(refusal)}
      </p>
    );
  }
  return (
    <p id={noteId} data-testid="order-sentence" className={`num ${text} text-strong`}>
      {sentences.map(({ key, values }) => `${t(key, values)}.`).join(' ')}
    </p>
  );
}

/** Stays in sight at the lower edge while a long ticket is scrolled, over the form's own padding. */
const DOCK =
  'sticky bottom-0 z-10 -mx-3 -mb-3 grid gap-2 border-t border-line bg-panel px-3 pt-1.5 pb-[max(0.75rem,env(safe-area-inset-bottom))]';

/** One sentence of what will happen or why it cannot, and the button that does it. */
export function TicketSubmit(props: TicketSubmitProps) {
  const { t } = useTranslation('trade');
  const { ticket, market, problem, submission } = props;
  if (submission.phase === 'unknown')
    return (
      <div className={DOCK}>
        <UnknownOutcome onRetry={props.onRetry} onDismiss={props.onDismiss} />
      </div>
    );
  const busy = submission.phase === 'sending' || submission.phase === 'checking';
  const verb = t(`ticket.submit_${ticket.side}`, { asset: market.base });
  const label = busy ? t(submission.phase === 'sending' ? 'ticket.sending' : 'ticket.checking') : verb;
  return (
    <div className={DOCK}>
      <Note {...props} />
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
    </div>
  );
}
