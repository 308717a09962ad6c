/** Where the shop sends to, and what that costs. Tax in hundredths of a percent: 1900 is 19 %. Standard rates as of January 2026. */
export const countries: Readonly<Record<string, { readonly taxBasisPoints: number; readonly zone: Zone }>> = {
  ...zone('europe', {
    AT: 2000,
    BE: 2100,
    BG: 2000,
    CH: 810,
    CY: 1900,
    CZ: 2100,
    DE: 1900,
    DK: 2500,
    EE: 2400,
    ES: 2100,
    FI: 2550,
    FR: 2000,
    GB: 2000,
    GR: 2400,
    HR: 2500,
    HU: 2700,
    IE: 2300,
    IT: 2200,
    LT: 2100,
    LU: 1700,
    LV: 2100,
    MT: 1800,
    NL: 2100,
    NO: 2500,
    PL: 2300,
    PT: 2300,
    RO: 2100,
    SE: 2500,
    SI: 2200,
    SK: 2300,
  }),
  // Exports carry no tax of ours.
  ...zone('world', { AU: 0, CA: 0, JP: 0, NZ: 0, SG: 0, US: 0 }),
};

/** Shipping by the order's currency, minor units; free from a value of goods on. */
export const shipping: Readonly<Record<string, Readonly<Record<Zone, ShippingRate>>>> = {
  EUR: { europe: { feeMinor: 490, freeFromMinor: 5_000 }, world: { feeMinor: 1_490, freeFromMinor: 15_000 } },
  GBP: { europe: { feeMinor: 395, freeFromMinor: 4_000 }, world: { feeMinor: 1_250, freeFromMinor: 12_500 } },
  USD: { europe: { feeMinor: 590, freeFromMinor: 6_000 }, world: { feeMinor: 1_690, freeFromMinor: 17_500 } },
};

export type Zone = 'europe' | 'world';

interface ShippingRate {
  readonly feeMinor: number;
  readonly freeFromMinor: number;
}

function zone(name: Zone, taxes: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(taxes).map(([country, taxBasisPoints]) => [country, { taxBasisPoints, zone: name }]),
  );
}
