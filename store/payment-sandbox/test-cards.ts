/** What a test card does. Numbers up to 3-D Secure are Stripe's, so that what was learnt there holds here. */
export interface TestCard {
  readonly number: string;
  readonly brand: 'visa' | 'mastercard';
  readonly does: string;
  /** Asks the bank first. */
  readonly challenge?: true;
  /** Declined with this code, after the challenge where there is one. */
  readonly decline?: string;
  /** Takes its time between the attempt and the answer. */
  readonly slow?: true;
  /** `twice`: each event is sent two times. `reordered`: an attempt that was declined first is told of after its success. */
  readonly webhooks?: 'twice' | 'reordered';
}

export const testCards: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', does: 'is taken' },
  { number: '5555555555554444', brand: 'mastercard', does: 'is taken' },
  { number: '4000000000000002', brand: 'visa', does: 'is declined', decline: 'generic-decline' },
  { number: '4000000000009995', brand: 'visa', does: 'has insufficient funds', decline: 'insufficient-funds' },
  { number: '4000000000009987', brand: 'visa', does: 'was reported lost', decline: 'lost-card' },
  { number: '4000000000000069', brand: 'visa', does: 'has expired', decline: 'expired-card' },
  { number: '4000000000000127', brand: 'visa', does: 'has another security code', decline: 'incorrect-cvc' },
  { number: '4000000000000119', brand: 'visa', does: 'meets an error of its bank', decline: 'processing-error' },
  { number: '4000002500003155', brand: 'visa', does: 'asks for 3-D Secure', challenge: true },
  {
    number: '4000008400001629',
    brand: 'visa',
    does: 'asks for 3-D Secure and is declined all the same',
    challenge: true,
    decline: 'generic-decline',
  },
  { number: '4000000000005019', brand: 'visa', does: 'is taken, slowly', slow: true },
  { number: '4000000000005027', brand: 'visa', does: 'is taken, each webhook sent twice', webhooks: 'twice' },
  {
    number: '4000000000005035',
    brand: 'visa',
    does: 'is declined and taken at once, the webhooks in the wrong order',
    webhooks: 'reordered',
  },
];

/** A real card is not to be used here. */
const noTestCard = { brand: 'visa', decline: 'no-test-card' } as const;

/** What happens with this number; digits alone. */
export function behaviourOf(number: string): Omit<TestCard, 'number' | 'does'> {
  return testCards.find((card) => card.number === number) ?? noTestCard;
}

/** Whether the last digit checks the others. Source: ISO/IEC 7812-1, annex B (Luhn). */
export function isCardNumber(number: string): boolean {
  const digits = Array.from(number, Number).toReversed();
  const sum = digits.reduce(
    (total, digit, place) => total + (place % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)),
    0,
  );
  return sum % 10 === 0;
}
