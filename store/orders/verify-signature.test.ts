import { describe, expect, it } from 'vitest';
import { signWebhook } from '../payment-sandbox/sign-webhook.ts';
import { signatureFault } from './verify-signature.ts';

const nowMs = Date.UTC(2026, 0, 1);
const secret = 'a secret between the two';
const body = '{"amount":1999,"note":"größer"}';
const bytes = Buffer.from(body);
const check = (signature: string, changes: { body?: Uint8Array; secret?: string; nowMs?: number } = {}) =>
  signatureFault({ body: changes.body ?? bytes, signature }, { secret, nowMs, ...changes });

describe('a signature', () => {
  const signature = signWebhook(body, { secret, nowMs });

  it('of the provider is good for five minutes either way', () => {
    expect(check(signature)).toBeUndefined();
    for (const offMs of [299_000, -299_000]) expect(check(signature, { nowMs: nowMs + offMs })).toBeUndefined();
    for (const offMs of [301_000, -301_000]) expect(check(signature, { nowMs: nowMs + offMs })).toMatch('too old');
  });

  it('is the one that the published scheme gives', () => {
    // printf '1767225600.hello' | openssl dgst -sha256 -hmac whsec_test
    const known = '6eaec082ad499f41171b796475632d3f2de11ba5afb56321fa5850b5fe233ba7';
    expect(signWebhook('hello', { secret: 'whsec_test', nowMs })).toBe(`t=1767225600,v1=${known}`);
  });

  it('of another body, secret or time is refused', () => {
    expect(check(signature, { body: Buffer.from(body.replace('1999', '1')) })).toMatch('right one');
    expect(check(signature, { secret: 'guessed' })).toMatch('right one');
    expect(check(signature.replace(/^t=\d+/, `t=${nowMs / 1_000 + 1}`))).toMatch('right one');
  });

  it('may be one of several, as while secrets change', () => {
    const [time, right] = signature.split(',');
    expect(check(`${time},v1=${'0'.repeat(64)},${right},v0=ignored`)).toBeUndefined();
  });

  it.each([
    '',
    't=,v1=',
    'v1=00',
    't=abc,v1=00',
    't=1767225600',
    't=1767225600,v1=zz',
    ',,,=',
    `t=${'9'.repeat(400)},v1=00`,
  ])('such as %j is refused', (odd) => {
    expect(check(odd)).toEqual(expect.any(String));
  });
});
