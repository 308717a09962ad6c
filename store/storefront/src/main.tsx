import { render } from 'preact';
import { App } from './app.tsx';
import { followLinks } from './route.ts';
import { readDemoAccounts, readSession } from './session.ts';
import './style/index.css';

/** The shop opens for a guest when it is not known in this time who the browser is, ms. */
const SESSION_TIMEOUT_MS = 2_000;

void readDemoAccounts(AbortSignal.timeout(SESSION_TIMEOUT_MS)).catch(() => undefined);
await readSession(AbortSignal.timeout(SESSION_TIMEOUT_MS)).catch(() => undefined);
followLinks();
render(<App />, document.getElementById('app')!);
