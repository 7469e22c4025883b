import type { ReactNode } from 'react';

interface SettingRowProps {
  title: string;
  text?: string;
  /** Ties a switch to the title. */
  htmlFor?: string;
  children: ReactNode;
}

/** What it is at the left, how it is set at the right. */
export function SettingRow({ title, text, htmlFor, children }: SettingRowProps) {
  const Title = htmlFor === undefined ? 'span' : 'label';
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 border-t border-line px-4 py-4">
      <div className="grid gap-0.5">
        <Title {...(htmlFor === undefined ? {} : { htmlFor })} className="font-medium text-strong">
          {title}
        </Title>
        {text !== undefined && <span className="max-w-md text-13 text-quiet">{text}</span>}
      </div>
      {children}
    </div>
  );
}
