import type { Intent, WebhookEvent } from './contract.ts';
import { behaviourOf } from './test-cards.ts';

type Behaviour = ReturnType<typeof behaviourOf>;

/** An intent as it is kept: what others see of it, and what the card in play will do. Of a card number the last four digits are kept alone. */
export interface KeptIntent extends Intent {
  readonly clientSecret: string;
  readonly behaviour: Behaviour | null;
}

/** What a step makes of an intent, and what its merchant is told of. */
export interface Change {
  readonly intent: KeptIntent;
  readonly tells: readonly Tale[];
}

export interface Tale {
  readonly type: WebhookEvent['type'];
  /** The intent as it was at that moment. */
  readonly intent: KeptIntent;
  /** Sent after so long; at once unless said. */
  readonly late?: true;
}

export interface CardAttempt {
  /** Digits alone. */
  readonly number: string;
  readonly challengeUrl: string;
}

/** Tries a card; undefined where the intent does not wait for one. */
export function confirm(intent: KeptIntent, { number, challengeUrl }: CardAttempt): Change | undefined {
  if (intent.status !== 'requires-card' && intent.status !== 'requires-action') return undefined;
  const behaviour = behaviourOf(number);
  const attempted: KeptIntent = {
    ...intent,
    behaviour,
    attempts: intent.attempts + 1,
    card: { brand: behaviour.brand, last4: number.slice(-4) },
    lastDecline: null,
    nextAction: null,
  };
  if (behaviour.challenge) {
    return told('intent.requires-action', { ...attempted, status: 'requires-action', nextAction: { challengeUrl } });
  }
  return behaviour.slow ? { intent: { ...attempted, status: 'processing' }, tells: [] } : outcome(attempted);
}

/** What the bank says; undefined where nobody asked it. */
export function answerChallenge(intent: KeptIntent, approved: boolean): Change | undefined {
  if (intent.status !== 'requires-action') return undefined;
  const answered = { ...intent, nextAction: null };
  return approved ? outcome(answered) : declined(answered, 'authentication-failed');
}

/** Ends the wait of a slow card; undefined where none waits. */
export function settle(intent: KeptIntent): Change | undefined {
  return intent.status === 'processing' ? outcome(intent) : undefined;
}

export function capture(intent: KeptIntent): Change | undefined {
  if (intent.status === 'captured') return unchanged(intent);
  return intent.status === 'authorised' ? told('intent.captured', { ...intent, status: 'captured' }) : undefined;
}

export function cancel(intent: KeptIntent): Change | undefined {
  if (intent.status === 'cancelled') return unchanged(intent);
  if (intent.status === 'captured' || intent.status === 'refunded') return undefined;
  return told('intent.cancelled', { ...intent, status: 'cancelled', nextAction: null });
}

export function refund(intent: KeptIntent): Change | undefined {
  if (intent.status === 'refunded') return unchanged(intent);
  return intent.status === 'captured' ? told('intent.refunded', { ...intent, status: 'refunded' }) : undefined;
}

/** What the intent's merchant and its payer may see. */
export function shown({ clientSecret: _secret, behaviour: _behaviour, ...intent }: KeptIntent): Intent {
  return intent;
}

function outcome(intent: KeptIntent): Change {
  const { decline, webhooks } = intent.behaviour ?? {};
  if (decline !== undefined) return declined(intent, decline);
  const authorised: KeptIntent = { ...intent, status: 'authorised', lastDecline: null };
  const success: Tale = { type: 'intent.authorised', intent: authorised };
  if (webhooks !== 'reordered') return { intent: authorised, tells: [success] };
  const failure: Tale = { ...declined(intent, 'try-again').tells[0]!, late: true };
  return { intent: authorised, tells: [success, failure] };
}

function declined(intent: KeptIntent, lastDecline: string): Change {
  return told('intent.declined', { ...intent, status: 'requires-card', lastDecline });
}

function told(type: Tale['type'], intent: KeptIntent): Change {
  return { intent, tells: [{ type, intent }] };
}

function unchanged(intent: KeptIntent): Change {
  return { intent, tells: [] };
}
