import { useState } from 'preact/hooks';
import type { KeptAddress, Session, User } from '../../../users/contract.ts';
import { AddressFields, addressOf } from '../address-fields.tsx';
import { call } from '../api.ts';
import { Field, Form } from '../form.tsx';
import { listCountries } from '../orders-api.ts';
import { go } from '../route.ts';
import { personKey, shopperName, signOut } from '../session.ts';
import { useAnswer } from '../use-answer.ts';
import { useTitle } from '../use-title.ts';
import { downloadOwnData } from './own-data.ts';
import { PasswordField } from './password-field.tsx';

const ME = '/api/users/me';

interface Account {
  readonly user: User;
  readonly addresses: readonly KeptAddress[];
  readonly sessions: readonly Session[];
}

/** All that a shopper may see and change of themselves. */
export function AccountPage() {
  useTitle('Your account');
  const [change, setChange] = useState(0);
  const { value, error } = useAnswer(`account ${personKey()} ${change}`, readAccount);
  if (error !== undefined) return <p class="trouble">{error}</p>;
  if (value === undefined) return <p class="quiet loading">One moment …</p>;
  const onChange = () => setChange(change + 1);
  return (
    <section class="narrow">
      <h1>Your account</h1>
      <p>
        {value.user.email} · <a href="/orders">Your orders</a>
      </p>
      <Form send="Sign out" isQuiet onSend={leave}>
        {null}
      </Form>
      <Name user={value.user} />
      <Addresses addresses={value.addresses} onChange={onChange} />
      <Sessions sessions={value.sessions} onChange={onChange} />
      <Secrets />
      <Leaving />
    </section>
  );
}

async function readAccount(signal: AbortSignal): Promise<Account> {
  const [user, { addresses }, { sessions }] = await Promise.all([
    call<User>(ME, { signal }),
    call<{ addresses: KeptAddress[] }>(`${ME}/addresses`, { signal }),
    call<{ sessions: Session[] }>(`${ME}/sessions`, { signal }),
  ]);
  return { user, addresses, sessions };
}

async function leave(): Promise<undefined> {
  await signOut();
  go('/');
  return undefined;
}

function Name({ user }: { readonly user: User }) {
  return (
    <Form
      send="Change the name"
      isQuiet
      onSend={async ({ name = '' }) => {
        await call(ME, { method: 'PATCH', body: { name } });
        shopperName.value = name;
        return 'Changed.';
      }}
    >
      <Field label="Name" name="name" autoComplete="name" value={user.name} maxLength={200} />
    </Form>
  );
}

interface AddressesProps {
  readonly addresses: readonly KeptAddress[];
  onChange(): void;
}

function Addresses({ addresses, onChange }: AddressesProps) {
  const { value: countries = [] } = useAnswer('countries', listCountries);
  const url = (id: string) => `${ME}/addresses/${encodeURIComponent(id)}`;
  return (
    <>
      <h2>Addresses</h2>
      <ul class="plain">
        {addresses.map(({ id, name, street, postalCode, city, country }) => (
          <li key={id}>
            {name}, {street}, {postalCode} {city}, {country}{' '}
            <button
              type="button"
              aria-label={`Remove ${street}`}
              onClick={() => void call(url(id), { method: 'DELETE' }).then(onChange, onChange)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <details class="how">
        <summary>Add an address</summary>
        <Form
          send="Add the address"
          isQuiet
          onSend={async (fields) => {
            await call(url(crypto.randomUUID()), { method: 'PUT', body: addressOf(fields) });
            onChange();
            return 'Added.';
          }}
        >
          <AddressFields countries={countries} />
        </Form>
      </details>
    </>
  );
}

const date = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium', timeStyle: 'short' });

function Sessions({ sessions, onChange }: { readonly sessions: readonly Session[]; onChange(): void }) {
  return (
    <>
      <h2>Where you are signed in</h2>
      <ul class="plain">
        {sessions.map(({ id, device, createdAtMs, current }) => (
          <li key={id}>
            {device || 'Some browser'}, since {date.format(createdAtMs)}
            {current && ' (this one)'}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <Form
          send="Sign out everywhere else"
          isQuiet
          onSend={async () => {
            await call(`${ME}/sessions`, { method: 'DELETE' });
            onChange();
            return 'Signed out.';
          }}
        >
          {null}
        </Form>
      )}
    </>
  );
}

function Secrets() {
  return (
    <>
      <h2>E-mail and password</h2>
      <details class="how">
        <summary>Change the e-mail address</summary>
        <Form
          send="Send a link to the new address"
          isQuiet
          onSend={async ({ email, password }) => {
            await call(`${ME}/email-change`, { body: { email, password } });
            return `We have written to ${email}. The address changes when you follow the link.`;
          }}
        >
          <Field label="New e-mail" name="email" type="email" autoComplete="email" maxLength={254} />
          <Field label="Your password" name="password" type="password" autoComplete="current-password" />
        </Form>
      </details>
      <details class="how">
        <summary>Change the password</summary>
        <Form
          send="Change the password"
          isQuiet
          onSend={async ({ currentPassword, newPassword }) => {
            await call(`${ME}/password`, { body: { currentPassword, newPassword } });
            return 'Changed. All your other sessions have ended.';
          }}
        >
          <Field label="Your password" name="currentPassword" type="password" autoComplete="current-password" />
          <PasswordField label="New password" name="newPassword" />
        </Form>
      </details>
    </>
  );
}

function Leaving() {
  return (
    <>
      <h2>Your data</h2>
      <Form
        send="Take it with you"
        isQuiet
        onSend={async () => {
          await downloadOwnData();
          return 'It is among your downloads.';
        }}
      >
        {null}
      </Form>
      <details class="how">
        <summary>Delete the account</summary>
        <Form
          send="Delete everything for good"
          isQuiet
          onSend={async ({ password }) => {
            await call(`${ME}/deletion`, { body: { password } });
            return leave();
          }}
        >
          <p>Account, cart and all that was learnt about you are deleted. It cannot be undone.</p>
          <Field label="Your password" name="password" type="password" autoComplete="current-password" />
        </Form>
      </details>
    </>
  );
}
