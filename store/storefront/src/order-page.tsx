import { useEffect, useState } from 'preact/hooks';
import { Field, Form } from './form.tsx';
import { money } from './money.ts';
import { cancelOrder, listTestCards, type OrderView, pay, watchOrder } from './orders-api.ts';
import { useAnswer } from './use-answer.ts';
import { useTitle } from './use-title.ts';

/** One order, live. */
export default function OrderPage({ id }: { readonly id: string }) {
  const [order, setOrder] = useState<OrderView>();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    setOrder(undefined);
    setLost(false);
    return watchOrder(id, { onOrder: setOrder, onTrouble: () => setLost(true) });
  }, [id]);
  useTitle(order && `Order ${order.number}`);
  if (order?.id === id) return <Order order={order} onOrder={setOrder} />;
  if (!isLost) return <p class="quiet loading">One moment …</p>;
  return (
    <section class="empty">
      <h1>No such order</h1>
      <p>
        Perhaps it belongs to somebody else, or was placed before you signed out. <a href="/orders">Your orders</a>
      </p>
    </section>
  );
}

const steps = ['reserving', 'authorising', 'confirmed', 'shipped', 'completed'] as const;
const stepNames: Record<string, string> = {
  reserving: 'Placed',
  authorising: 'Payment',
  confirming: 'Payment',
  confirmed: 'Paid',
  shipped: 'On its way',
  completed: 'There',
};

const reasons: Record<string, string> = {
  cancelled: 'You called it off.',
  refunded: 'The shop has given your money back.',
  'payment-due': 'It was not paid in time.',
  'stock-insufficient': 'Somebody was faster: there is not enough left.',
};

interface OrderProps {
  readonly order: OrderView;
  onOrder(order: OrderView): void;
}

function Order({ order, onOrder }: OrderProps) {
  const { number, status, reason, lines, totals, shipment, payment } = order;
  const cancel = async () => {
    onOrder(await cancelOrder(order.id));
    return undefined;
  };
  const isUndone = status === 'compensating' || status === 'compensated';
  return (
    <section class="two-columns" data-status={status}>
      <div>
        <h1>Order {number}</h1>
        {isUndone ? (
          <p class="trouble" role="status">
            {status === 'compensated' ? 'This order was undone.' : 'This order is being undone.'}{' '}
            {reasons[reason ?? ''] ??
              'It could not be carried out. Nothing was taken from your card, or it was given back.'}
          </p>
        ) : (
          <Progress status={status} />
        )}
        {shipment?.trackingCode && (
          <p>
            Sent{shipment.carrier ? ` with ${shipment.carrier}` : ''}: {shipment.trackingCode}
          </p>
        )}
        {payment && status === 'authorising' && <Payment order={order} />}
        {['reserving', 'authorising', 'confirmed'].includes(status) && (
          <Form send="Call the order off" isQuiet onSend={cancel}>
            {null}
          </Form>
        )}
        <History order={order} />
      </div>
      <aside class="sum" aria-label="What it comes to">
        <ul>
          {lines.map(({ productId, title, quantity, unitPrice }) => (
            <li key={productId}>
              <a href={`/product/${encodeURIComponent(productId)}`}>
                {quantity} × {title}
              </a>
              <span class="price">{money({ ...unitPrice, amountMinor: unitPrice.amountMinor * quantity })}</span>
            </li>
          ))}
          <li>
            <span>Shipping</span>
            <span class="price">{money({ amountMinor: totals.shippingMinor, currency: totals.currency })}</span>
          </li>
          <li class="total">
            <b>Total</b>
            <b class="price">{money({ amountMinor: totals.totalMinor, currency: totals.currency })}</b>
          </li>
        </ul>
      </aside>
    </section>
  );
}

function Progress({ status }: { readonly status: OrderView['status'] }) {
  const at = steps.indexOf((status === 'confirming' ? 'authorising' : status) as (typeof steps)[number]);
  return (
    <ol class="progress" aria-label="How far it is">
      {steps.map((step, place) => (
        <li key={step} aria-current={place === at ? 'step' : undefined} class={place <= at ? 'reached' : ''}>
          {stepNames[step]}
        </li>
      ))}
    </ol>
  );
}

function Payment({ order }: { readonly order: OrderView }) {
  const { totals, payment } = order;
  const onSend = async (fields: Readonly<Record<string, string>>) => {
    const [month = '', year = ''] = fields.expiry!.split('/');
    const card = {
      number: fields.number!,
      expiryMonth: Number(month),
      expiryYear: 2000 + (Number(year) % 100),
      cvc: fields.cvc!,
    };
    const challengeUrl = await pay(order, card);
    if (challengeUrl !== undefined) window.location.assign(challengeUrl);
    return 'Thank you. One moment, until the bank has said so.';
  };
  return (
    <>
      <h2>Pay {money({ amountMinor: totals.totalMinor, currency: totals.currency })}</h2>
      {payment!.declines > 0 && <p class="fault">The card was declined. Try another one.</p>}
      <Form send="Pay" onSend={onSend}>
        <Field label="Card number" name="number" inputMode="numeric" autoComplete="cc-number" pattern="[0-9 ]{12,30}" />
        <div class="side-by-side">
          <Field
            label="Valid through (MM/YY)"
            name="expiry"
            placeholder="12/30"
            autoComplete="cc-exp"
            pattern="(0[1-9]|1[0-2])/[0-9]{2}"
          />
          <Field label="Security code" name="cvc" inputMode="numeric" autoComplete="cc-csc" pattern="[0-9]{3,4}" />
        </div>
      </Form>
      <TestCards />
    </>
  );
}

/** No money moves here: anybody may try what cards do. */
function TestCards() {
  const { value = [] } = useAnswer('test-cards', listTestCards);
  return (
    <details class="how">
      <summary>Cards to try</summary>
      <ul class="plain">
        {value.map(({ number, does }) => (
          <li key={number}>
            <code>{number}</code> {does}
          </li>
        ))}
      </ul>
    </details>
  );
}

const time = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium', timeStyle: 'medium' });

function History({ order: { history } }: { readonly order: OrderView }) {
  return (
    <details class="how">
      <summary>Everything that happened</summary>
      <ol class="plain">
        {history.map(({ revision, atMs, happened, note }) => (
          <li key={revision}>
            <time dateTime={new Date(atMs).toISOString()}>{time.format(atMs)}</time> {happened.replaceAll('-', ' ')}
            {note && ` (${note})`}
          </li>
        ))}
      </ol>
    </details>
  );
}
