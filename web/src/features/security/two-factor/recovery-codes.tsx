import { Copy, Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '@/api/session';
import { env } from '@/lib/env';
import { Button } from '@/ui/button';
import { Note } from '@/ui/note';

/** The codes as a plain file: what it is, whose, and one code in each line. */
export function codesFile(head: string, codes: readonly string[]): string {
  return `${head}\n\n${codes.join('\n')}\n`;
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(url);
}

/** The ten codes, once: they are in memory only, and gone when this closes. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation('security');
  const email = useUser()?.email ?? '';
  const [copied, setCopied] = useState(false);
  const text = codesFile(t('recovery.fileHead', { app: env.appName, email }), codes);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="grid gap-4">
      <Note tone="warn" className="print:hidden">
        {t('recovery.shownText')}
      </Note>
      <ol
        aria-label={t('recovery.shownTitle')}
        className="grid grid-cols-1 gap-x-6 gap-y-1.5 rounded-control border border-line bg-raised/60 p-4 font-mono text-13 text-strong min-[380px]:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap select-all">
            {code}
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2 print:hidden">
        <Button variant="secondary" size="sm" onClick={() => void copy()}>
          <Copy aria-hidden />
          {t(copied ? 'recovery.copied' : 'recovery.copy')}
        </Button>
        <Button variant="secondary" size="sm" onClick={() => download(text)}>
          <Download aria-hidden />
          {t('recovery.download')}
        </Button>
        <Button variant="secondary" size="sm" onClick={() => window.print()}>
          <Printer aria-hidden />
          {t('recovery.print')}
        </Button>
      </div>
      <Button className="print:hidden" onClick={onDone}>
        {t('recovery.kept')}
      </Button>
    </div>
  );
}
