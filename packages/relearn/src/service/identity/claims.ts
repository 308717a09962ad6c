import type { JWTPayload } from 'jose';
import type { Caller } from '../../contract/caller.ts';

/** The caller a verified token speaks of, by the key that signed it; undefined when such a key may not speak of such a caller. */
export function callerOfClaims(claims: JWTPayload, signedBy: 'host' | 'users'): Caller | undefined {
  const { sub, kind, sid, vid, scope } = claims;
  if (sub === undefined || sub === '') return undefined;
  if (signedBy === 'host') return hostCaller(kind, sub);
  if (kind === 'partner' && typeof scope === 'string') {
    return { kind, keyId: sub, scopes: scope.split(' ').filter((one) => one !== '') };
  }
  if ((kind !== 'shopper' && kind !== 'operator') || typeof sid !== 'string') return undefined;
  return { kind, userId: sub, sessionId: sid, ...(typeof vid === 'string' && { visitorId: vid }) };
}

function hostCaller(kind: unknown, sub: string): Caller | undefined {
  if (kind === 'service') return { kind, name: sub };
  return kind === 'guest' ? { kind, visitorId: sub } : undefined;
}
