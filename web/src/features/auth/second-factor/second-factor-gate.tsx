import { useTranslation } from 'react-i18next';
import { closeSecondFactorGate, useSecondFactorGate } from '@/api/second-factor-gate';
import { securityPath } from '@/lib/paths';
import { Button } from '@/ui/button';
import { Dialog, DialogContent } from '@/ui/dialog';

/** Says that a second step is needed first, and leads to where it is set up and from there back to this page. */
export function SecondFactorGate({ onGo }: { onGo: (path: string) => void }) {
  const { t } = useTranslation(['auth', 'common']);
  const asked = useSecondFactorGate((store) => store.asked);
  const go = () => {
    closeSecondFactorGate();
    onGo(securityPath(window.location.pathname + window.location.search));
  };
  return (
    <Dialog open={asked} onOpenChange={closeSecondFactorGate}>
      {asked && (
        <DialogContent
          title={t('secondFactorGate.title')}
          description={t('secondFactorGate.text')}
          closeLabel={t('common:close')}
          above
        >
          <div className="flex flex-wrap justify-end gap-2">
            <Button variant="secondary" onClick={closeSecondFactorGate}>
              {t('secondFactorGate.later')}
            </Button>
            <Button onClick={go}>{t('secondFactorGate.action')}</Button>
          </div>
        </DialogContent>
      )}
    </Dialog>
  );
}
