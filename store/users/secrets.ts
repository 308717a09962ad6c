import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits in base64url: 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret that holds 256 random bits: nobody guesses those, so a fast hash serves. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

export function isHashOf(hash: Uint8Array, secret: string): boolean {
  return timingSafeEqual(hashOf(secret), hash);
}
