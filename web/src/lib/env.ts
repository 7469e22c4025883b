interface Env {
  readonly apiBaseUrl: string;
  readonly streamUrl: string;
  readonly appName: string;
}

function url(name: string, value: string | undefined): string {
  if (value === undefined || value === '') return '';
  if (!/^(https?|wss?):\/\//.test(value)) throw new Error(`${name} must be an absolute URL, was "${value}"`);
  return value.replace(/\/$/, '');
}

/** Build-time settings, checked once; empty addresses mean "same origin". */
export function readEnv(source: Record<string, string | undefined>): Env {
  return {
    apiBaseUrl: `${url('VITE_API_BASE_URL', source.VITE_API_BASE_URL)}/api/v1`,
    streamUrl: url('VITE_WS_URL', source.VITE_WS_URL),
    appName: source.VITE_APP_NAME ?? 'CryptoVault',
  };
}

export const env = readEnv(import.meta.env);
