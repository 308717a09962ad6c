import { useRef, useState } from 'preact/hooks';
import type { KeptAddress } from '../../users/contract.ts';
import { AddressFields, addressOf } from './address-fields.tsx';
import { call, ShopError } from './api.ts';
import { type CartLine, cart, readCart } from './cart.ts';
import { Field, Form } from './form.tsx';
import { money } from './money.ts';
import { listCountries, place, quote } from './orders-api.ts';
import { go } from './route.ts';
import { isSignedIn, personKey } from './session.ts';
import { useAnswer } from './use-answer.ts';
import { useTitle } from './use-title.ts';

/** Where it goes, and what it comes to. Payment is asked for once the order is placed. */
export default function CheckoutPage() {
  useTitle('Checkout');
  const known = useAnswer(`known ${personKey()}`, knownOfShopper);
  const countries = useAnswer('countries', listCountries);
  const lines = cart.value?.lines ?? [];
  if (cart.value === undefined || known.pending || countries.pending) return <p class="quiet loading">One moment …</p>;
  if (lines.length === 0) return <NothingToBuy />;
  if (countries.value === undefined) return <p class="trouble">{countries.error}</p>;
  return <Checkout lines={lines} known={known.value} countries={countries.value} />;
}

interface Known {
  readonly email?: string;
  readonly address?: KeptAddress | undefined;
}

/** What a shopper need not type again. */
async function knownOfShopper(signal: AbortSignal): Promise<Known> {
  if (!isSignedIn()) return {};
  const [{ email }, { addresses }] = await Promise.all([
    call<{ email: string }>('/api/users/me', { signal }),
    call<{ addresses: KeptAddress[] }>('/api/users/me/addresses', { signal }),
  ]);
  return { email, address: addresses.at(-1) };
}

interface CheckoutProps {
  readonly lines: readonly CartLine[];
  readonly known: Known | undefined;
  readonly countries: readonly string[];
}

function Checkout({ lines, known = {}, countries }: CheckoutProps) {
  const [country, setCountry] = useState(known.address?.country ?? homeCountry(countries));
  // One key for one wish: asking again after a failure gives the same order, asking for something else another one.
  const wish = useRef({ text: '', key: '' });
  const onSend = async (fields: Readonly<Record<string, string>>) => {
    const order = { lines, email: fields.email!, address: addressOf(fields) };
    const text = JSON.stringify(order);
    if (wish.current.text !== text) wish.current = { text, key: crypto.randomUUID() };
    const { id } = await place(order, wish.current.key).catch(explain);
    if (isSignedIn()) await keepAddress(order.address).catch(() => undefined);
    go(`/orders/${id}`);
    void readCart();
    return undefined;
  };
  return (
    <section class="two-columns">
      <div>
        <h1>Checkout</h1>
        <Form send="Place the order" onSend={onSend}>
          <Field label="E-mail" name="email" type="email" autoComplete="email" value={known.email} maxLength={254} />
          <AddressFields countries={countries} address={{ ...known.address, country }} onCountry={setCountry} />
        </Form>
      </div>
      <Totals lines={lines} country={country} />
    </section>
  );
}

function Totals({ lines, country }: { readonly lines: readonly CartLine[]; readonly country: string }) {
  const key = JSON.stringify([country, lines]);
  const { value, error } = useAnswer(key, (signal) => quote(lines, country, signal));
  const inCurrency = (amountMinor: number) => money({ amountMinor, currency: value?.currency ?? 'EUR' });
  return (
    <aside class="sum" aria-label="What it comes to">
      <ul>
        {lines.map(({ productId, title, quantity, unitPrice }) => (
          <li key={productId}>
            <span>
              {quantity} × {title}
            </span>
            <span class="price">{money({ ...unitPrice, amountMinor: unitPrice.amountMinor * quantity })}</span>
          </li>
        ))}
        {value && (
          <>
            <li>
              <span>Shipping</span>
              <span class="price">{value.shippingMinor === 0 ? 'free' : inCurrency(value.shippingMinor)}</span>
            </li>
            <li class="total">
              <b>Total</b>
              <b class="price">{inCurrency(value.totalMinor)}</b>
            </li>
            <li class="quiet">
              <span>Tax in it</span>
              <span>{inCurrency(value.taxMinor)}</span>
            </li>
          </>
        )}
      </ul>
      {error !== undefined && <p class="fault">{error}</p>}
    </aside>
  );
}

function NothingToBuy() {
  return (
    <section class="empty">
      <h1>Nothing to check out</h1>
      <p>
        Your cart is empty. <a href="/">Back to the shop</a>
      </p>
    </section>
  );
}

/** A price or the stock has changed since the cart was shown: it is shown again, as it is. */
async function explain(error: unknown): Promise<never> {
  const isChanged =
    error instanceof ShopError && ['orders.price-changed', 'orders.product-unavailable'].includes(error.code ?? '');
  if (isChanged) {
    await readCart();
    go('/cart');
  }
  throw error;
}

async function keepAddress(address: object): Promise<void> {
  await call('/api/users/me/addresses/latest', { method: 'PUT', body: address });
}

/** The country of the browser's language, where the shop sends there. */
function homeCountry(countries: readonly string[]): string {
  const home = new Intl.Locale(navigator.language).maximize().region ?? '';
  return countries.includes(home) ? home : (countries[0] ?? 'DE');
}
