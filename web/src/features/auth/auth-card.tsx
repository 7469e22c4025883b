import type { ReactNode } from 'react';

interface AuthCardProps {
  title: string;
  text?: ReactNode;
  children: ReactNode;
  /** The other way in, below the form. */
  foot?: ReactNode;
}

/** The frame of every page before the door. */
export function AuthCard({ title, text, children, foot }: AuthCardProps) {
  return (
    <div className="mx-auto grid w-full max-w-sm content-start gap-6 px-4 py-10 md:py-20">
      <div className="grid gap-1.5">
        <h1 className="text-28 font-semibold tracking-tight">{title}</h1>
        {text !== undefined && <p className="text-pretty text-quiet">{text}</p>}
      </div>
      {children}
      {foot !== undefined && <p className="border-t border-line pt-5 text-quiet">{foot}</p>}
    </div>
  );
}
