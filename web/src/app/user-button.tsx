import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';

/** The first letter of who is signed in. */
export function UserButton({ user, ...props }: ComponentProps<'button'> & { user: User }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      aria-label={t('account')}
      aria-haspopup="menu"
      className="grid size-8 touch-target place-items-center rounded-full bg-brand/15 text-13 font-semibold text-brand uppercase hover:bg-brand/25"
      {...props}
    >
      {(user.name || user.email).slice(0, 1)}
    </button>
  );
}
