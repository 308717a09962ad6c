import { useState } from 'preact/hooks';
import { call, type Product, type SearchResult } from '../api.ts';
import { Field, Form } from '../form.tsx';
import { majorUnits, minorUnits } from '../money.ts';
import { notice } from '../notice.ts';
import { useAnswer } from '../use-answer.ts';
import { useTitle } from '../use-title.ts';

const PRODUCTS = '/api/catalog/products';

/** Products, their prices and stock. */
export function ProductDesk() {
  useTitle('Products');
  const [q, setQ] = useState('');
  const [change, setChange] = useState(0);
  const { value, error } = useAnswer(`${q} ${change}`, (signal) => find(q, signal));
  return (
    <section>
      <h1>Products</h1>
      <p>
        <label>
          Find <input type="search" value={q} onInput={({ currentTarget }) => setQ(currentTarget.value)} />
        </label>
      </p>
      {error !== undefined && <p class="trouble">{error}</p>}
      <div class="table">
        <table>
          <thead>
            <tr>
              <th scope="col">Product</th>
              <th scope="col">Price</th>
              <th scope="col">Stock</th>
              <th scope="col">To do</th>
            </tr>
          </thead>
          <tbody>
            {(value ?? []).map((product) => (
              <Row key={`${product.id} ${product.revision}`} product={product} onChange={() => setChange(change + 1)} />
            ))}
          </tbody>
        </table>
      </div>
      <details class="how">
        <summary>Add a product</summary>
        <NewProduct onChange={() => setChange(change + 1)} />
      </details>
    </section>
  );
}

async function find(q: string, signal: AbortSignal): Promise<readonly Product[]> {
  const limit = '30';
  if (q.trim() === '') {
    return (await call<{ products: Product[] }>(`${PRODUCTS}?${new URLSearchParams({ limit })}`, { signal })).products;
  }
  return (await call<SearchResult>(`/api/catalog/search?${new URLSearchParams({ q, limit })}`, { signal })).products;
}

function Row({ product, onChange }: { readonly product: Product; onChange(): void }) {
  const { id, title, price, stock } = product;
  const [wanted, setWanted] = useState({ price: String(majorUnits(price)), stock: String(stock) });
  const url = `${PRODUCTS}/${encodeURIComponent(id)}`;
  const told = (work: Promise<unknown>, done: string) =>
    void work.then(
      () => {
        notice.value = done;
        onChange();
      },
      (refusal: Error) => {
        notice.value = refusal.message;
      },
    );
  const save = () => {
    const amountMinor = minorUnits(Number(wanted.price), price.currency);
    const body = { price: { amountMinor, currency: price.currency }, stock: Number(wanted.stock) };
    told(call(url, { method: 'PATCH', body }), `${title} is changed`);
  };
  return (
    <tr data-product={id}>
      <td>
        <a href={`/product/${encodeURIComponent(id)}`}>{title}</a>
      </td>
      <td>
        <input
          type="number"
          min="0"
          step="any"
          aria-label={`Price of ${title}, ${price.currency}`}
          value={wanted.price}
          onInput={({ currentTarget }) => setWanted({ ...wanted, price: currentTarget.value })}
        />
      </td>
      <td>
        <input
          type="number"
          min="0"
          step="1"
          aria-label={`Stock of ${title}`}
          value={wanted.stock}
          onInput={({ currentTarget }) => setWanted({ ...wanted, stock: currentTarget.value })}
        />
      </td>
      <td>
        <button type="button" aria-label={`Save ${title}`} onClick={save}>
          Save
        </button>
        <button
          type="button"
          aria-label={`Retire ${title}`}
          onClick={() => told(call(url, { method: 'DELETE' }), `${title} is no longer sold`)}
        >
          Retire
        </button>
      </td>
    </tr>
  );
}

function NewProduct({ onChange }: { onChange(): void }) {
  return (
    <Form
      send="Add the product"
      onSend={async ({ title = '', price, currency = 'EUR', stock, category = '' }) => {
        const amountMinor = minorUnits(Number(price), currency);
        const body = {
          title,
          price: { amountMinor, currency },
          stock: Number(stock),
          categories: category === '' ? [] : [category],
        };
        await call(PRODUCTS, { body, headers: { 'idempotency-key': crypto.randomUUID() } });
        onChange();
        return `${title} is on the shelf.`;
      }}
    >
      <Field label="Title" name="title" maxLength={300} />
      <div class="side-by-side">
        <Field label="Price" name="price" type="number" min="0" step="any" />
        <Field label="Currency" name="currency" pattern="[A-Z]{3}" value="EUR" />
        <Field label="Stock" name="stock" type="number" min="0" step="1" value="10" />
      </div>
      <Field label="Category" name="category" required={false} maxLength={100} />
    </Form>
  );
}
