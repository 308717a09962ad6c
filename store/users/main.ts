import { service, t } from 'relearn';
import { AccessTokens } from './access-tokens.ts';
import { accountHandlers } from './account-handlers.ts';
import { addressHandlers } from './address-handlers.ts';
import { linkJob } from './ask-for-link.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { usersContract } from './contract.ts';
import { Letters } from './letters.ts';
import { Mailer } from './mailer.ts';
import { migrations } from './migrations.ts';
import { operatorHandlers } from './operator-handlers.ts';
import type { Limits, UsersParts } from './parts.ts';
import { Passwords } from './passwords.ts';
import { sessionHandlers } from './session-handlers.ts';
import { SigningKeys } from './signing-keys.ts';
import { sweepJob } from './sweep.ts';

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;

export default service({
  contract: usersContract,
  configuration: t.Object({
    SHOP_URL: t.String({
      pattern: '^https?://',
      default: 'http://localhost:8080',
      description: 'origin that mailed links lead to',
    }),
    SMTP_URL: t.Optional(
      t.String({
        pattern: '^smtps?://',
        description: '`smtp://user:password@host:587`; unset: mail stays in the development mailbox',
      }),
    ),
    MAIL_FROM: t.String({ minLength: 3, default: 'shop@localhost', description: 'sender of mail' }),
  }),
  migrations,
  setup({ config, store, clock }) {
    const keys = new SigningKeys(store, clock);
    const parts: UsersParts = {
      store,
      clock,
      keys,
      passwords: new Passwords(),
      tokens: new AccessTokens(keys, clock),
      mailer: new Mailer(store, clock, { smtpUrl: config.SMTP_URL, from: config.MAIL_FROM }),
      letters: new Letters(config.SHOP_URL),
      limits: limits(clock),
    };
    const sweep = sweepJob(clock);
    return {
      handlers: {
        ...accountHandlers(parts),
        ...sessionHandlers(parts),
        ...addressHandlers(parts),
        ...operatorHandlers(parts),
      },
      jobs: [linkJob(parts), parts.mailer.job, sweep.job],
      keySet: () => keys.keySet(),
      start: () => sweep.start(store),
    };
  },
});

function limits(clock: () => number): Limits {
  return {
    passwords: new AttemptLimit({ attemptsMax: 10, windowMs: QUARTER_MS }, clock),
    signIns: new AttemptLimit({ attemptsMax: 300, windowMs: QUARTER_MS }, clock),
    letters: new AttemptLimit({ attemptsMax: 5, windowMs: HOUR_MS }, clock),
    askers: new AttemptLimit({ attemptsMax: 50, windowMs: HOUR_MS }, clock),
  };
}
