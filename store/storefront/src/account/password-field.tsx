import { Field } from '../form.tsx';

/** For a password that is chosen; the shop refuses those that are easily guessed, and says why. */
export function PasswordField({ label = 'Password', name = 'password' }: { label?: string; name?: string }) {
  return <Field label={label} name={name} type="password" autoComplete="new-password" minLength={8} maxLength={200} />;
}
