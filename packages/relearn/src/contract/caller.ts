import type { Access } from './operation.ts';

/** Who makes a call. */
export type Caller =
  | { readonly kind: 'anonymous' }
  /** Somebody who has not signed in, known again by a cookie. */
  | { readonly kind: 'guest'; readonly visitorId: string }
  | {
      readonly kind: 'shopper' | 'operator';
      readonly userId: string;
      readonly sessionId: string;
      /** The guest they were before they signed in. */
      readonly visitorId?: string;
    }
  /** A program of somebody else's; `scopes` say what it may do: `catalog.read`, `orders.write`. */
  | { readonly kind: 'partner'; readonly keyId: string; readonly scopes: readonly string[] }
  | { readonly kind: 'service'; readonly name: string };

export const anonymous: Caller = Object.freeze({ kind: 'anonymous' });

/** What is called, as far as access goes. */
interface Asked {
  readonly service: string;
  readonly method: string;
  readonly access: Access;
}

const KINDS: Readonly<Record<Access, ReadonlySet<Caller['kind']>>> = {
  public: new Set(['anonymous', 'guest', 'shopper', 'operator', 'partner', 'service']),
  visitor: new Set(['guest', 'shopper', 'operator', 'service']),
  shopper: new Set(['shopper', 'operator', 'service']),
  operator: new Set(['operator', 'service']),
  service: new Set(['service']),
};

/** Whether the caller may use an operation. A partner may use what operators may, within its scopes. */
export function mayCall(caller: Caller, { service, method, access }: Asked): boolean {
  if (KINDS[access].has(caller.kind)) return true;
  const scope = `${service}.${method === 'GET' ? 'read' : 'write'}`;
  return caller.kind === 'partner' && access === 'operator' && caller.scopes.includes(scope);
}

/** Whom a record kept for a caller belongs to: the same text for the same caller, whatever their session. */
export function callerKey(caller: Caller): string {
  switch (caller.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'guest':
      return `guest ${caller.visitorId}`;
    case 'partner':
      return `partner ${caller.keyId}`;
    case 'service':
      return `service ${caller.name}`;
    case 'shopper':
    case 'operator':
      return `user ${caller.userId}`;
  }
}
