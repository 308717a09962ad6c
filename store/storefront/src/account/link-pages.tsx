import { call } from '../api.ts';
import { Field, Form } from '../form.tsx';
import { go } from '../route.ts';
import { useTitle } from '../use-title.ts';
import { linkToken } from './link-token.ts';
import { PasswordField } from './password-field.tsx';

export function ForgottenPasswordPage() {
  useTitle('Forgotten password');
  return (
    <section class="narrow">
      <h1>Forgot the password?</h1>
      <Form
        send="Send me a link"
        onSend={async ({ email }) => {
          await call('/api/users/password-resets', { body: { email } });
          return `If ${email} has an account, a link is on its way to it.`;
        }}
      >
        <Field label="E-mail" name="email" type="email" autoComplete="email" maxLength={254} />
      </Form>
    </section>
  );
}

export function ResetPasswordPage() {
  useTitle('New password');
  const token = linkToken();
  if (token === undefined) return <NoLink />;
  return (
    <section class="narrow">
      <h1>Choose a new password</h1>
      <Form
        send="Change the password"
        onSend={async ({ password }) => {
          await call('/api/users/password-resets/confirm', { body: { token, password } });
          go('/account/sign-in');
          return undefined;
        }}
      >
        <PasswordField label="New password" />
      </Form>
    </section>
  );
}

export function ConfirmEmailPage() {
  useTitle('New address');
  const token = linkToken();
  if (token === undefined) return <NoLink />;
  return (
    <section class="narrow">
      <h1>Use this address?</h1>
      <Form
        send="Yes, use it"
        onSend={async () => {
          await call('/api/users/email-changes/confirm', { body: { token } });
          return 'Your account uses the new address now.';
        }}
      >
        {null}
      </Form>
    </section>
  );
}

function NoLink() {
  return (
    <section class="empty">
      <h1>This page is opened by a link</h1>
      <p>Follow the one in the letter that we sent you, whole.</p>
    </section>
  );
}
