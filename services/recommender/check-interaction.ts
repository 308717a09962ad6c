import type { Caller, Static } from 'relearn';
import { Compile } from 'typebox/compile';
import { interaction } from './contract.ts';
import { speakerOf } from './own-person.ts';

export interface CheckedInteraction extends Omit<Static<typeof interaction>, 'atMs' | 'weight'> {
  readonly weight: number;
  readonly person: string;
  readonly atMs: number;
  /** Whether `atMs` says when it happened; else it says when it was recorded. */
  readonly timed: boolean;
}

export interface Refusal {
  readonly code: string;
  readonly reason: string;
}

/** How much a kind says of what a person wants, between 0 and 1; a purchase says most. */
export const kindWeights: Readonly<Record<string, number>> = {
  view: 0.15,
  click: 0.25,
  'cart-add': 0.5,
  purchase: 1,
  rating: 1,
};

/** Says nothing of what somebody wants; says what they saw, without which a click that did not come says nothing either. */
export const IMPRESSION = 'impression';

export const personForgotten: Refusal = { code: 'person-forgotten', reason: 'this person was deleted' };

/** Clocks of clients run ahead by less than this. */
const AHEAD_MS_MAX = 5 * 60_000;

const validator = Compile(interaction);

/** What an interaction lacks to be kept, or the interaction with what was left out filled in. */
export function checkInteraction(candidate: unknown, nowMs: number, caller: Caller): CheckedInteraction | Refusal {
  if (!validator.Check(candidate)) return refusal('invalid', firstFault(candidate));
  if (!isKeepable(candidate))
    return refusal('invalid', 'an id holds half of a character: a surrogate without its pair');
  const person = speakerOf(caller, candidate);
  if (person === undefined) return refusal('person-foreign', 'people tell of themselves alone');
  const { userId, visitorId } = person;
  const { kind } = candidate;
  const timed = candidate.atMs !== null;
  const atMs = candidate.atMs ?? nowMs;
  if ((userId === undefined) === (visitorId === undefined)) {
    return refusal('person-ambiguous', 'name the person by exactly one of userId and visitorId');
  }
  if (atMs > nowMs + AHEAD_MS_MAX) {
    return refusal('time-ahead', `atMs ${atMs} is more than five minutes ahead of this server's ${nowMs}`);
  }
  if (kind === IMPRESSION) {
    const { decisionId, slot } = candidate;
    if (decisionId === undefined || slot === undefined)
      return refusal('impression-unplaced', 'an impression names the decision and the slot that were in view');
    return { ...candidate, atMs, timed, weight: 0, person: personName(person) };
  }
  const weight = candidate.weight ?? weightOf(kind, candidate.value);
  if (weight === undefined) {
    return refusal(
      'kind-unknown',
      `kind ${JSON.stringify(kind)} is none of ${Object.keys(kindWeights).join(', ')}: give it a weight`,
    );
  }
  return { ...candidate, atMs, timed, weight, person: personName(person) };
}

export function isRefusal(checked: CheckedInteraction | Refusal): checked is Refusal {
  return 'reason' in checked;
}

/** Users and visitors are kept apart, whatever they are called. */
export function personName({ userId, visitorId }: { readonly userId?: string; readonly visitorId?: string }): string {
  return userId === undefined ? `v:${visitorId ?? ''}` : `u:${userId}`;
}

/** Whom a decision is for; also the name by which it is forgotten. */
export function unitOf(person: { readonly userId?: string; readonly visitorId?: string }): string {
  return person.userId === undefined && person.visitorId === undefined ? 'nobody' : personName(person);
}

/** A rating of 5 says as much as a purchase, one of 1 a fifth of it. */
function weightOf(kind: string, value: number | undefined): number | undefined {
  if (kind === 'rating' && value !== undefined) return Math.min(Math.max(value / 5, 0.05), 1);
  return Object.hasOwn(kindWeights, kind) ? kindWeights[kind] : undefined;
}

/** Whether its ids come back from UTF-8 as they are. */
function isKeepable({ itemId, userId = '', visitorId = '' }: Static<typeof interaction>): boolean {
  return itemId.isWellFormed() && userId.isWellFormed() && visitorId.isWellFormed();
}

function refusal(code: string, reason: string): Refusal {
  return { code, reason };
}

function firstFault(candidate: unknown): string {
  const [fault] = validator.Errors(candidate);
  if (!fault) return 'not an interaction';
  const missing = fault.keyword === 'required' ? ` (${fault.params.requiredProperties.join(', ')})` : '';
  return `${fault.instancePath.slice(1) || 'interaction'} ${fault.message}${missing}`;
}
