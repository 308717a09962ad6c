const query = new URLSearchParams(location.search);
const intentId = query.get('intent') ?? '';
const clientSecret = location.hash.slice(1);
const question = document.getElementById('question');
const form = document.getElementById('answer');

/** Back to the shop, never anywhere else. */
function back() {
  const url = new URL(query.get('return') ?? '/', location.origin);
  location.replace(url.origin === location.origin ? url : '/');
}

async function ask(step, body) {
  const response = await fetch(`/api/payment-sandbox/intents/${encodeURIComponent(intentId)}/${step}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clientSecret, ...body }),
  });
  return { status: response.status, reply: await response.json() };
}

async function answer(approved) {
  form.hidden = true;
  question.textContent = 'One moment …';
  const { status } = await ask('challenge', { approved });
  // A declined card (402) and a payment that has gone on (409) are the shop's to show.
  if ([200, 402, 409].includes(status)) back();
  else question.textContent = 'The bank does not answer. Reload this page to try again.';
}

const { status, reply } = await ask('view', {});
if (status !== 200) question.textContent = 'There is no such payment.';
else if (reply.status !== 'requires-action') back();
else {
  const sum = new Intl.NumberFormat(undefined, { style: 'currency', currency: reply.currency });
  const { maximumFractionDigits } = sum.resolvedOptions();
  question.textContent = `Do you pay ${sum.format(reply.amountMinor / 10 ** maximumFractionDigits)} with the card that ends in ${reply.card.last4}?`;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void answer(event.submitter.value === 'true');
  });
  form.hidden = false;
}
