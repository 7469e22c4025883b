import { Check, Contrast, Languages, Monitor, Moon, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '@/lib/i18n';
import { usePreferences } from '@/lib/preferences';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/ui/dropdown-menu';
import { AppearanceButton } from './appearance-button';

const THEMES = [
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
  { value: 'system', icon: Monitor },
] as const;

function Mark({ shown }: { shown: boolean }) {
  return shown ? <Check className="ml-auto text-brand!" aria-hidden /> : null;
}

/** Theme and language, one click from every page. */
export function AppearanceMenu({ defaultOpen = false }: { defaultOpen?: boolean }) {
  const { t, i18n } = useTranslation();
  const { theme, palette, set } = usePreferences();
  const colourBlind = palette === 'colour-blind';
  return (
    <DropdownMenu defaultOpen={defaultOpen}>
      <DropdownMenuTrigger asChild>
        <AppearanceButton />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel>{t('theme.label')}</DropdownMenuLabel>
        {THEMES.map(({ value, icon: Icon }) => (
          <DropdownMenuItem key={value} onSelect={() => set({ theme: value })}>
            <Icon aria-hidden />
            {t(`theme.${value}`)}
            <Mark shown={theme === value} />
          </DropdownMenuItem>
        ))}
        <DropdownMenuItem onSelect={() => set({ palette: colourBlind ? 'standard' : 'colour-blind' })}>
          <Contrast aria-hidden />
          {t('theme.colourBlind')}
          <Mark shown={colourBlind} />
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>{t('language')}</DropdownMenuLabel>
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <DropdownMenuItem key={code} lang={code} onSelect={() => void i18n.changeLanguage(code)}>
            <Languages aria-hidden />
            {name}
            <Mark shown={i18n.language === code} />
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
