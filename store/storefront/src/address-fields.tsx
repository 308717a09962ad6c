import type { Address } from '../../users/contract.ts';
import { Field } from './form.tsx';

const names = new Intl.DisplayNames(navigator.language, { type: 'region' });

interface AddressFieldsProps {
  readonly countries: readonly string[];
  readonly address?: Partial<Address>;
  onCountry?(country: string): void;
}

/** Where something is sent, as browsers know to fill it in. */
export function AddressFields({ countries, address = {}, onCountry }: AddressFieldsProps) {
  const sorted = countries
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((one, other) => one.name.localeCompare(other.name));
  return (
    <>
      <Field label="Name" name="name" autoComplete="name" value={address.name} maxLength={200} />
      <Field
        label="Street and number"
        name="street"
        autoComplete="street-address"
        value={address.street}
        maxLength={300}
      />
      <div class="side-by-side">
        <Field
          label="Postal code"
          name="postalCode"
          autoComplete="postal-code"
          value={address.postalCode}
          maxLength={20}
        />
        <Field label="City" name="city" autoComplete="address-level2" value={address.city} maxLength={100} />
      </div>
      <label class="field">
        <span>Country</span>
        <select
          name="country"
          autoComplete="country"
          value={address.country}
          onChange={({ currentTarget }) => onCountry?.(currentTarget.value)}
        >
          {sorted.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** The address among a form's fields. */
export function addressOf({ name, street, postalCode, city, country }: Readonly<Record<string, string>>): Address {
  return { name: name!, street: street!, postalCode: postalCode!, city: city!, country: country! };
}
