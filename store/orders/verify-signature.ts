import { createHmac, timingSafeEqual } from 'node:crypto';

/** Older or newer messages are refused: who overheard one cannot send it again later. */
const TOLERANCE_MS = 5 * 60_000;

export interface SignedMessage {
  /** The body as it was received, byte by byte. */
  readonly body: Uint8Array;
  /** `t=<seconds>,v1=<hex>`; several `v1` while secrets change, other schemes are passed over. */
  readonly signature: string;
}

/**
 * Why a message cannot be from the holder of the secret; undefined when it is. Compares in constant time.
 * Source: Stripe's webhook signatures, scheme v1: HMAC-SHA256 over `seconds.body`.
 */
export function signatureFault(
  { body, signature }: SignedMessage,
  { secret, nowMs }: { secret: string; nowMs: number },
): string | undefined {
  const parts = signature.split(',').map((part) => part.trim().split('='));
  const seconds = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (!/^\d{1,12}$/.test(seconds)) return 'It has no time.';
  const expected = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
  const isGenuine = parts.some(([name, value]) => name === 'v1' && isEqual(value ?? '', expected));
  if (!isGenuine) return 'No signature is the right one.';
  return Math.abs(nowMs - Number(seconds) * 1_000) > TOLERANCE_MS ? 'It is too old, or from the future.' : undefined;
}

function isEqual(hex: string, expected: Uint8Array): boolean {
  const given = Buffer.from(hex, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
