import { money } from '../money.ts';
import { listOrders } from '../orders-api.ts';
import { personKey } from '../session.ts';
import { useAnswer } from '../use-answer.ts';
import { useTitle } from '../use-title.ts';

const date = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium', timeStyle: 'short' });

export function OrdersPage() {
  useTitle('Your orders');
  const { value, error, pending } = useAnswer(`orders ${personKey()}`, listOrders);
  if (error !== undefined) return <p class="trouble">{error}</p>;
  if (value === undefined || pending) return <p class="quiet loading">One moment …</p>;
  if (value.length === 0) {
    return (
      <section class="empty">
        <h1>No orders yet</h1>
        <p>
          What you order will stand here. <a href="/">Back to the shop</a>
        </p>
      </section>
    );
  }
  return (
    <section>
      <h1>Your orders</h1>
      <div class="table">
        <table>
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col">Placed</th>
              <th scope="col">How far</th>
              <th scope="col">Total</th>
            </tr>
          </thead>
          <tbody>
            {value.map(({ id, number, placedAtMs, status, total }) => (
              <tr key={id}>
                <td>
                  <a href={`/orders/${encodeURIComponent(id)}`}>{number}</a>
                </td>
                <td>{date.format(placedAtMs)}</td>
                <td>{status}</td>
                <td class="price">{money(total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
