import { randomUUID } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { job, type Store, type Tx, t } from 'relearn';
import type { Mail } from './contract.ts';
import type { Letter } from './letters.ts';

/** How letters leave. */
export interface MailSettings {
  /** `smtp://user:password@host:587`; where it is absent, letters stay in the development mailbox. */
  readonly smtpUrl: string | undefined;
  /** Sender. */
  readonly from: string;
}

/** Letters kept in the development mailbox. */
const KEPT_MAX = 500;
const TRIES_MAX = 20;

/** Sends letters that a transaction wrote, after it: by SMTP, or into the development mailbox. */
export class Mailer {
  readonly #store: Store;
  readonly #clock: () => number;
  readonly #settings: MailSettings;
  readonly job;

  constructor(store: Store, clock: () => number, settings: MailSettings) {
    this.#store = store;
    this.#clock = clock;
    this.#settings = settings;
    const transport = settings.smtpUrl === undefined ? undefined : createTransport(settings.smtpUrl);
    this.job = job({
      name: 'send-mail',
      payload: t.Object({ to: t.String(), subject: t.String(), text: t.String() }),
      attemptsMax: TRIES_MAX,
      timeoutMs: 60_000,
      perform: async (letter, { jobId }) => {
        // The id stays the same at each try, so that a mail server can know a repeat.
        await transport?.sendMail({ ...letter, from: settings.from, messageId: `<${jobId}@relearn>` });
      },
    });
  }

  async write(tx: Tx, letter: Letter): Promise<void> {
    if (this.#settings.smtpUrl === undefined) await this.#keep(tx, letter);
    else await tx.schedule(this.job, { ...letter });
  }

  /** The latest first. */
  async list({ to, limit }: { to: string | undefined; limit: number }): Promise<Mail[]> {
    return this.#store
      .prepare<Mail>(
        `SELECT id, recipient AS "to", subject, body AS text, at_ms AS atMs FROM mail
         WHERE ? IS NULL OR recipient = ? ORDER BY seq DESC LIMIT ?`,
      )
      .all(to ?? null, to ?? null, limit);
  }

  async #keep(tx: Tx, { to, subject, text }: Letter): Promise<void> {
    await tx
      .prepare('INSERT INTO mail (id, recipient, subject, body, at_ms) VALUES (?, ?, ?, ?, ?)')
      .run(randomUUID(), to, subject, text, this.#clock());
    await tx.prepare('DELETE FROM mail WHERE seq <= (SELECT MAX(seq) FROM mail) - ?').run(KEPT_MAX);
  }
}

/** Removes what was written to an address: it may hold links. */
export async function forgetMail(tx: Tx, to: string): Promise<void> {
  await tx.prepare('DELETE FROM mail WHERE recipient = ?').run(to);
}
