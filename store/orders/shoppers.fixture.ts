import type { Caller } from 'relearn';

export const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
export const shopper: Caller = { kind: 'shopper', userId: 'ada', sessionId: 'session-1' };
export const operator: Caller = { kind: 'operator', userId: 'olga', sessionId: 'session-2' };

export const card = (number: string) => ({ number, expiryMonth: 12, expiryYear: 2030, cvc: '123' });

export const address = { name: 'Ada', street: '1 Mill Lane', postalCode: '10115', city: 'Berlin', country: 'DE' };
