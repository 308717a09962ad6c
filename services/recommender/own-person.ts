import { type Caller, ProblemError } from 'relearn';
import { personForeign } from './contract.ts';

/** Exactly one of the two, or neither for nobody in particular. */
export interface Person {
  readonly userId?: string;
  readonly visitorId?: string;
}

/**
 * The person whom a caller speaks of. People speak of themselves alone, named or not: a shopper also of the guest they were before they signed in.
 * Services speak of anybody. @throws ProblemError `recommender.person-foreign`.
 */
export function ownPerson(caller: Caller, { userId, visitorId }: Person): Person {
  const person = speakerOf(caller, { userId, visitorId });
  if (person === undefined) throw new ProblemError(personForeign);
  return person;
}

/** Undefined when the caller may not speak of whom they name. */
export function speakerOf(
  caller: Caller,
  { userId, visitorId }: { readonly userId?: string | undefined; readonly visitorId?: string | undefined },
): Person | undefined {
  if (caller.kind === 'service') return named({ userId, visitorId });
  const own = personOf(caller);
  const guest = 'visitorId' in caller ? caller.visitorId : undefined;
  const isOwn = (userId === undefined || userId === own.userId) && (visitorId === undefined || visitorId === guest);
  return isOwn ? own : undefined;
}

function personOf(caller: Caller): Person {
  if (caller.kind === 'guest') return { visitorId: caller.visitorId };
  return caller.kind === 'shopper' || caller.kind === 'operator' ? { userId: caller.userId } : {};
}

function named({ userId, visitorId }: { userId: string | undefined; visitorId: string | undefined }): Person {
  return { ...(userId !== undefined && { userId }), ...(visitorId !== undefined && { visitorId }) };
}
