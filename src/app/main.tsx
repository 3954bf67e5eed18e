import './requireSecureAddress.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { guardScriptAddresses } from '../core/scriptAddresses.ts';
import { startStores } from '../stores/start.ts';
import { App } from './App.tsx';
import { installDebugView } from './debugView.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import './theme.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root.');

guardScriptAddresses(globalThis);
startStores();
installDebugView();
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </StrictMode>,
);
