import { call } from '../api.ts';
import { Field, Form } from '../form.tsx';
import { go } from '../route.ts';
import { signIn } from '../session.ts';
import { useTitle } from '../use-title.ts';
import { linkToken } from './link-token.ts';
import { PasswordField } from './password-field.tsx';

/** First the address; then, behind the mailed link, the password. */
export function SignUpPage() {
  useTitle('Open an account');
  const token = linkToken();
  return (
    <section class="narrow">
      <h1>Open an account</h1>
      {token === undefined ? <AskForLink /> : <ChoosePassword token={token} />}
    </section>
  );
}

function AskForLink() {
  return (
    <Form
      send="Send me a link"
      onSend={async ({ email }) => {
        await call('/api/users/sign-ups', { body: { email } });
        return `We have written to ${email}. Follow the link in the letter to choose a password.`;
      }}
    >
      <Field label="E-mail" name="email" type="email" autoComplete="email" maxLength={254} />
    </Form>
  );
}

function ChoosePassword({ token }: { readonly token: string }) {
  return (
    <Form
      send="Open the account"
      onSend={async ({ name, password = '' }) => {
        const { email } = await call<{ email: string }>('/api/users/sign-ups/confirm', {
          body: { token, name, password },
        });
        await signIn(email, password);
        go('/');
        return undefined;
      }}
    >
      <Field label="Your name" name="name" autoComplete="name" maxLength={200} />
      <PasswordField />
    </Form>
  );
}
