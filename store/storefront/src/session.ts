import { effect, signal } from '@preact/signals';
import { call } from './api.ts';

/** Who the browser is; only the shop's own cookies know why. */
export interface Session {
  readonly kind: 'guest' | 'shopper' | 'operator';
  readonly visitorId?: string;
  readonly userId?: string;
  readonly sessionId?: string;
}

/** An account that the shop offers to look at it with. */
export interface DemoAccount {
  readonly userId?: string;
  readonly name: string;
  readonly about: string;
  readonly email: string;
  readonly password: string;
}

const PATH = '/api/gateway/session';

export const session = signal<Session>({ kind: 'guest' });
export const demoAccounts = signal<readonly DemoAccount[]>([]);

/** What the shopper is called; empty for guests. */
export const shopperName = signal('');

/** The same for the same person, whatever page they are on. */
export function personKey(): string {
  const { userId, visitorId } = session.value;
  return userId ?? `visitor ${visitorId}`;
}

export function isSignedIn(): boolean {
  return session.value.kind !== 'guest';
}

export async function readSession(signal: AbortSignal): Promise<void> {
  session.value = await call<Session>(PATH, { signal });
}

export async function signIn(email: string, password: string): Promise<void> {
  session.value = await call<Session>(PATH, { body: { email, password } });
}

export async function signOut(): Promise<void> {
  session.value = await call<Session>(PATH, { method: 'DELETE' });
}

export async function readDemoAccounts(signal: AbortSignal): Promise<void> {
  const response = await fetch('/shop/shoppers.json', { signal });
  if (!response.ok) return;
  demoAccounts.value = ((await response.json()) as { shoppers: DemoAccount[] }).shoppers;
}

effect(() => {
  shopperName.value = '';
  if (!isSignedIn()) return;
  void call<{ name: string; email: string }>('/api/users/me').then(
    ({ name, email }) => {
      shopperName.value = name || email;
    },
    () => undefined,
  );
});
