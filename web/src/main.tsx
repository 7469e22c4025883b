import './app/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { startI18n } from './lib/i18n';
import { followPreferences } from './lib/preferences';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

followPreferences();
await startI18n();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
