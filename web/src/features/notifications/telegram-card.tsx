import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/error-text';
import type { NoticePreferences } from '@/api/types';
import { formatDate } from '@/lib/dates';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/card';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { CopyField } from '@/ui/copy-field';
import { Dialog, DialogContent } from '@/ui/dialog';
import { FormError } from '@/ui/form-error';
import { toast } from '@/ui/toast';
import { noticePreferencesQuery, useLinkTelegram, useUnlinkTelegram } from './notifications-api';

type Chat = NoticePreferences['telegram_chat'];

const POLL_MS = 2_000;

/** The link to the bot; closes by itself once the chat is bound. */
function LinkSteps({ url }: { url: string }) {
  const { t } = useTranslation(['notifications', 'common']);
  // The chat is bound elsewhere, in Telegram: asking is the only way to know.
  useQuery({ ...noticePreferencesQuery, refetchInterval: POLL_MS });
  return (
    <div className="grid gap-4">
      <ol className="grid list-decimal gap-1 pl-5 text-normal">
        <li>{t('telegram.stepOpen')}</li>
        <li>{t('telegram.stepStart')}</li>
      </ol>
      <CopyField
        label={t('telegram.link')}
        value={url}
        copyLabel={t('common:copy')}
        copiedLabel={t('common:copied')}
      />
      <Button asChild>
        <a href={url} target="_blank" rel="noreferrer">
          <Send aria-hidden />
          {t('telegram.open')}
        </a>
      </Button>
      <p aria-live="polite" className="text-13 text-quiet">
        {t('telegram.waiting')}
      </p>
    </div>
  );
}

function Unlinked() {
  const { t } = useTranslation(['notifications', 'common']);
  const link = useLinkTelegram();
  return (
    <>
      <Button variant="secondary" busy={link.isPending} onClick={() => link.mutate()}>
        {t('telegram.connect')}
      </Button>
      {link.isError && (
        <div className="w-full">
          <FormError>{errorText(link.error)}</FormError>
        </div>
      )}
      <Dialog open={link.data !== undefined} onOpenChange={() => link.reset()}>
        <DialogContent
          title={t('telegram.connect')}
          description={t('telegram.connectText')}
          closeLabel={t('common:close')}
        >
          {link.data !== undefined && <LinkSteps url={link.data.url} />}
        </DialogContent>
      </Dialog>
    </>
  );
}

function Linked({ chat }: { chat: Chat }) {
  const { t } = useTranslation(['notifications', 'common']);
  const [asking, setAsking] = useState(false);
  const unlink = useUnlinkTelegram();
  const confirm = () =>
    unlink.mutate(undefined, {
      onSuccess: () => {
        setAsking(false);
        toast.success(t('telegram.disconnected'));
      },
    });
  return (
    <>
      <Badge tone="buy">{chat.chat_name === '' ? t('telegram.connected') : chat.chat_name}</Badge>
      <Button variant="ghost" onClick={() => setAsking(true)}>
        {t('telegram.disconnect')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('telegram.disconnectTitle')}
        text={t('telegram.disconnectText')}
        action={t('telegram.disconnect')}
        cancel={t('common:cancel')}
        closeLabel={t('common:close')}
        busy={unlink.isPending}
        error={unlink.isError ? errorText(unlink.error) : undefined}
        onConfirm={confirm}
      />
    </>
  );
}

/** Messages by Telegram; nothing at all where the exchange has no bot. */
export function TelegramCard() {
  const { t, i18n } = useTranslation('notifications');
  const chat = useQuery(noticePreferencesQuery).data?.telegram_chat;
  if (chat?.available !== true) return null;
  const since = chat.linked_at === null ? '' : formatDate(chat.linked_at, i18n.language);
  return (
    <Card>
      <CardHead title={t('telegram.title')} />
      <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 border-t border-line px-4 py-4">
        <p className="max-w-md text-14 text-quiet">
          {chat.linked ? t('telegram.linkedSince', { since }) : t('telegram.text')}
        </p>
        <div className="flex flex-wrap items-center gap-2">
          {chat.linked ? <Linked chat={chat} /> : <Unlinked />}
        </div>
      </div>
    </Card>
  );
}
