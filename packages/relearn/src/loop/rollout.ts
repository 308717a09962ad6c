import type { Logger } from 'pino';
import type { Artifacts } from '../artifacts/artifacts.ts';
import type { Champion } from './ai.ts';
import type { AnyDefinition } from './definition.ts';
import { loadVersion, VersionRefused } from './load-version.ts';
import type { VersionRecord } from './version.ts';
import type { VersionRegistry } from './version-registry.ts';

const FALL_BACK_VERSIONS_MAX = 20;

/**
 * Which version answers.
 *
 * 1. A version answers only after it was loaded whole beside the one before; the switch is one reference.
 * 2. A version that fails is refused with its reason, and the one before goes on.
 * 3. A request uses the model it began with; the old one is let go when the last has ended.
 */
export class Rollout {
  #champion: Champion | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #given: RolloutParts;

  constructor(given: RolloutParts) {
    this.#given = given;
  }

  get champion(): Champion | undefined {
    return this.#champion;
  }

  /** Loads the champion; when it fails its checks, the newest version that passes takes its place. */
  async open(): Promise<void> {
    const { registry } = this.#given;
    const champion = await registry.champion();
    if (champion === undefined) return;
    const others = (await registry.list(FALL_BACK_VERSIONS_MAX)).filter(
      ({ id, state }) => id !== champion.id && (state === 'retired' || state === 'ready'),
    );
    for (const record of [champion, ...others]) {
      if ((await this.tryPromote(record)) === undefined) return;
    }
  }

  /** Lets a version take over. Resolves to why it was refused, or undefined when it answers. One at a time. */
  tryPromote(record: VersionRecord): Promise<string | undefined> {
    const done = this.#turn.then(() => this.#tryPromote(record));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #tryPromote(record: VersionRecord): Promise<string | undefined> {
    const { definition, artifacts, registry, clock, log } = this.#given;
    try {
      const golden = await registry.golden(record.id);
      const loaded = await loadVersion(definition, artifacts, { record, golden });
      await registry.promote(record, clock());
      this.#champion = loaded;
      log.info({ version: record.id, trial: record.trial }, 'A version took over');
      return undefined;
    } catch (error) {
      if (!(error instanceof VersionRefused)) throw error;
      log.error({ version: record.id, reason: error.message }, 'A version was refused');
      if (this.#champion?.version === record.id) await registry.explain(record.id, error.message);
      else await registry.refuse(record.id, error.message);
      return error.message;
    }
  }
}

export interface RolloutParts {
  readonly definition: AnyDefinition;
  readonly artifacts: Artifacts;
  readonly registry: VersionRegistry;
  readonly clock: () => number;
  readonly log: Logger;
}
