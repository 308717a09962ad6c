import type { Mail } from '../../../users/contract.ts';
import { call } from '../api.ts';
import { useAnswer } from '../use-answer.ts';
import { useTitle } from '../use-title.ts';

const date = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'short', timeStyle: 'medium' });
const LINK = /(https?:\/\/\S+)/;

/** What would be sent if the shop had a mail server. */
export function MailPage() {
  useTitle('Mailbox');
  const { value, error } = useAnswer('mail', (signal) => call<{ mail: Mail[] }>('/api/users/mail', { signal }));
  return (
    <section>
      <h1>Mailbox</h1>
      <p>Mail is not sent but kept here, unless SMTP_URL says where it goes.</p>
      {error !== undefined && <p class="trouble">{error}</p>}
      {value?.mail.length === 0 && <p class="quiet">Nothing was written yet.</p>}
      {(value?.mail ?? []).map((letter) => (
        <Letter key={letter.id} letter={letter} />
      ))}
    </section>
  );
}

function Letter({ letter: { to, subject, text, atMs } }: { readonly letter: Mail }) {
  return (
    <details class="how">
      <summary>
        {subject} · {to} · {date.format(atMs)}
      </summary>
      <p class="letter">
        {text.split(LINK).map((part, place) => (place % 2 === 0 ? part : <LinkOf key={place} url={part} />))}
      </p>
    </details>
  );
}

/** Opens in this shop, whatever origin the letter names. */
function LinkOf({ url }: { readonly url: string }) {
  const { pathname, hash } = new URL(url);
  return (
    <a href={pathname + hash} target="_blank" rel="noreferrer">
      {url}
    </a>
  );
}
