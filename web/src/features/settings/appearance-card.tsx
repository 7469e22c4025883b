import { Monitor, Moon, Sun } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language } from '@/lib/i18n';
import { usePreferences, type Theme } from '@/lib/preferences';
import { Card, CardHead } from '@/ui/card';
import { Segmented } from '@/ui/segmented';
import { Select } from '@/ui/select';
import { Switch } from '@/ui/switch';
import { SettingRow } from './setting-row';

const THEMES = [
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
  { value: 'system', icon: Monitor },
] as const;

function PaletteSample() {
  const { t } = useTranslation('common');
  return (
    <span aria-hidden className="flex gap-2 text-13 font-medium">
      <span className="text-buy">▲ {t('order.side.buy')}</span>
      <span className="text-sell">▼ {t('order.side.sell')}</span>
    </span>
  );
}

/** How the app looks on this device; each change shows at once. */
export function AppearanceCard() {
  const { t, i18n } = useTranslation(['settings', 'common']);
  const { theme, palette, set } = usePreferences();
  const paletteId = useId();
  const languages = Object.entries(LANGUAGES) as [Language, string][];
  return (
    <Card>
      <CardHead title={t('appearance')} />
      <SettingRow title={t('common:theme.label')}>
        <Segmented<Theme>
          aria-label={t('common:theme.label')}
          value={theme}
          onChange={(value) => set({ theme: value })}
          options={THEMES.map(({ value, icon: Icon }) => ({
            value,
            label: (
              <>
                <Icon aria-hidden />
                <span className={value === 'system' ? 'hidden sm:inline' : undefined}>
                  {t(`common:theme.${value}`)}
                </span>
              </>
            ),
            'aria-label': t(`common:theme.${value}`),
          }))}
        />
      </SettingRow>
      <SettingRow title={t('palette')} text={t('paletteText')} htmlFor={paletteId}>
        <span className="flex items-center gap-4">
          <PaletteSample />
          <Switch
            id={paletteId}
            checked={palette === 'colour-blind'}
            onCheckedChange={(checked) => set({ palette: checked ? 'colour-blind' : 'standard' })}
          />
        </span>
      </SettingRow>
      <SettingRow title={t('common:language')} text={t('languageText')}>
        <Select<Language>
          aria-label={t('common:language')}
          className="min-w-36"
          value={i18n.language as Language}
          onChange={(code) => void i18n.changeLanguage(code)}
          options={languages.map(([value, label]) => ({ value, label }))}
        />
      </SettingRow>
    </Card>
  );
}
