import type { LinkPurpose } from './links.ts';

/** What is written to somebody. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The pages of the shop that mailed links open. */
const PAGES: Readonly<Record<LinkPurpose, string>> = {
  'sign-up': 'sign-up',
  'password-reset': 'reset-password',
  'email-change': 'confirm-email',
};

/** Writes what is sent to people. */
export class Letters {
  readonly #shopUrl: string;

  /** @param shopUrl - Origin that the links lead to. */
  constructor(shopUrl: string) {
    this.#shopUrl = shopUrl.replace(/\/$/, '');
  }

  link(purpose: LinkPurpose, to: string, token: string): Letter {
    // Behind `#`, so that no server and no log sees it.
    return WITH_LINK[purpose](to, `${this.#shopUrl}/account/${PAGES[purpose]}#token=${token}`);
  }

  alreadySignedUp(to: string): Letter {
    return letter(to, 'You have an account already', [
      'Somebody, perhaps you, asked for an account with this address, which has one. Sign in here, or reset your password there:',
      `${this.#shopUrl}/account/sign-in`,
    ]);
  }

  emailChanged(to: string, newEmail: string): Letter {
    return letter(to, 'Your address was changed', [
      `Your account now uses ${newEmail}. If it was not you who changed it, write to us at once.`,
    ]);
  }

  passwordChanged(to: string): Letter {
    return letter(to, 'Your password was changed', [
      'The password of your account was changed, and its other sessions have ended. If it was not you, reset it now:',
      `${this.#shopUrl}/account/forgotten-password`,
    ]);
  }
}

const WITH_LINK: Readonly<Record<LinkPurpose, (to: string, link: string) => Letter>> = {
  'sign-up': (to, link) =>
    letter(to, 'Open your account', [
      'Somebody, we hope you, asked for an account with this address. Choose a password here within a day:',
      link,
      'If it was not you, do nothing: no account is opened.',
    ]),
  'password-reset': (to, link) =>
    letter(to, 'Choose a new password', [
      'Choose a new password here within an hour. It ends all your sessions.',
      link,
      'If you did not ask for this, do nothing: your password stays as it is.',
    ]),
  'email-change': (to, link) =>
    letter(to, 'Confirm your new address', [
      'Follow this link within a day to use this address for your account:',
      link,
      'If you did not ask for this, do nothing.',
    ]),
};

function letter(to: string, subject: string, paragraphs: readonly string[]): Letter {
  return { to, subject, text: `${paragraphs.join('\n\n')}\n` };
}
