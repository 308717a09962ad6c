import { ProblemError } from 'relearn';
import { emailInvalid } from './contract.ts';

const LOCAL_LENGTH_MAX = 64;
const LABEL = /^[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

/** One spelling for each mailbox, as far as that is safe to say: trimmed, lower case, NFC. @throws ProblemError `users.email-invalid`. */
export function normalEmail(typed: string): string {
  const email = typed.normalize('NFC').trim().toLowerCase();
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const labels = email.slice(at + 1).split('.');
  const isLocal = local.length <= LOCAL_LENGTH_MAX && !/^\.|\.\.|\.$|[\p{Cc}\s]/u.test(local) && local !== '';
  if (at < 1 || !isLocal || labels.length < 2 || !labels.every((label) => LABEL.test(label))) {
    throw new ProblemError(emailInvalid);
  }
  return email;
}
