import { useState } from 'preact/hooks';
import { call } from '../api.ts';
import { money } from '../money.ts';
import type { OrderSummary, OrderView } from '../orders-api.ts';
import { useAnswer } from '../use-answer.ts';
import { useTitle } from '../use-title.ts';

const date = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'short', timeStyle: 'short' });

/** What can be done with an order, by how far it is. */
const steps: Partial<Record<OrderSummary['status'], readonly { title: string; path: string; body?: object }[]>> = {
  confirmed: [
    { title: 'Ship', path: 'ship', body: {} },
    { title: 'Refund', path: 'refund', body: { restock: true } },
  ],
  shipped: [
    { title: 'Complete', path: 'complete' },
    { title: 'Refund', path: 'refund', body: { restock: false } },
  ],
};

/** Everybody's orders, and what is to be done with them. */
export function OrderDesk() {
  useTitle('Orders');
  const [status, setStatus] = useState('');
  const [change, setChange] = useState(0);
  const [trouble, setTrouble] = useState('');
  const query = new URLSearchParams({ limit: '50', ...(status && { status }) });
  const { value, error } = useAnswer(`${query} ${change}`, (signal) =>
    call<{ orders: OrderSummary[] }>(`/api/orders/all-orders?${query}`, { signal }),
  );
  const move = async (id: string, path: string, body?: object) => {
    setTrouble('');
    await call<OrderView>(`/api/orders/orders/${encodeURIComponent(id)}/${path}`, {
      method: 'POST',
      ...(body && { body }),
    }).catch((refusal: Error) => setTrouble(refusal.message));
    setChange(change + 1);
  };
  return (
    <section>
      <h1>Orders</h1>
      <p>
        <label>
          Show{' '}
          <select value={status} onChange={({ currentTarget }) => setStatus(currentTarget.value)}>
            <option value="">all</option>
            {['authorising', 'confirmed', 'shipped', 'completed', 'compensated'].map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>{' '}
        <button type="button" onClick={() => setChange(change + 1)}>
          Look again
        </button>
      </p>
      {(error ?? trouble) !== '' && (
        <p class="trouble" role="alert">
          {error ?? trouble}
        </p>
      )}
      <div class="table">
        <table>
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col">Placed</th>
              <th scope="col">How far</th>
              <th scope="col">Total</th>
              <th scope="col">To do</th>
            </tr>
          </thead>
          <tbody>
            {(value?.orders ?? []).map(({ id, number, placedAtMs, status: now, total }) => (
              <tr key={id} data-order={id}>
                <td>
                  <a href={`/orders/${encodeURIComponent(id)}`}>{number}</a>
                </td>
                <td>{date.format(placedAtMs)}</td>
                <td>{now}</td>
                <td class="price">{money(total)}</td>
                <td>
                  {(steps[now] ?? []).map(({ title, path, body }) => (
                    <button
                      key={path}
                      type="button"
                      aria-label={`${title} order ${number}`}
                      onClick={() => void move(id, path, body)}
                    >
                      {title}
                    </button>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {value?.orders.length === 0 && <p class="quiet">No orders here.</p>}
    </section>
  );
}
