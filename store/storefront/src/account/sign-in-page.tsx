import { Field, Form } from '../form.tsx';
import { go } from '../route.ts';
import { signIn } from '../session.ts';
import { ShopperSwitch } from '../shopper-switch.tsx';
import { useTitle } from '../use-title.ts';

export function SignInPage() {
  useTitle('Sign in');
  return (
    <section class="narrow">
      <h1>Sign in</h1>
      <Form
        send="Sign in"
        onSend={async ({ email = '', password = '' }) => {
          await signIn(email, password);
          go('/');
          return undefined;
        }}
      >
        <Field label="E-mail" name="email" type="email" autoComplete="username" maxLength={254} />
        <Field label="Password" name="password" type="password" autoComplete="current-password" maxLength={1000} />
      </Form>
      <p>
        <a href="/account/sign-up">Open an account</a> · <a href="/account/forgotten-password">Forgot the password?</a>
      </p>
      <ShopperSwitch />
    </section>
  );
}
