import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Tx } from '../store/store.ts';
import { schemasOf } from './ai-contract.ts';
import type { LoggedDecision } from './decision.ts';
import type { DecisionLog } from './decision-log.ts';
import type { AnyDefinition } from './definition.ts';
import { addExamples, type ExampleStore, exampleOf, type NewExample } from './example-store.ts';
import { featureRevisionOf } from './load-examples.ts';

/** What became of a batch. */
export interface BatchReply {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: readonly Refusal[];
}

interface Refusal {
  readonly index: number;
  readonly code: string;
  readonly reason: string;
}

type Checked = NewExample | Omit<Refusal, 'index'>;

const AHEAD_MS_MAX = 300_000;

/** Takes what is learned of, each item checked on its own. */
export class Intake {
  readonly #definition: AnyDefinition;
  readonly #decisions: DecisionLog;
  readonly #examples: ExampleStore;
  readonly #clock: () => number;
  readonly #features: (value: unknown) => string | undefined;
  readonly #outcome: (value: unknown) => string | undefined;

  constructor(parts: {
    definition: AnyDefinition;
    decisions: DecisionLog;
    examples: ExampleStore;
    clock: () => number;
  }) {
    this.#definition = parts.definition;
    this.#decisions = parts.decisions;
    this.#examples = parts.examples;
    this.#clock = parts.clock;
    const { features, outcome } = schemasOf(parts.definition);
    this.#features = faultFinder(features, 'features');
    this.#outcome = faultFinder(outcome, 'outcome');
  }

  /** Joins outcomes to the decisions they are of. Resolves when those accepted are on disk. */
  async recordOutcomes(items: readonly unknown[]): Promise<BatchReply> {
    const checked: Checked[] = [];
    for (const item of items) checked.push(await this.#checkOutcome(item));
    return settle(checked, (examples) => this.#examples.add(examples));
  }

  /** Within the transaction that records the request's key. */
  importExamples(items: readonly unknown[], tx: Tx): Promise<BatchReply> {
    const nowMs = this.#clock();
    const checked = items.map((item) => this.#checkExample(item, nowMs));
    return settle(checked, (examples) => addExamples(tx, examples));
  }

  async #checkOutcome(item: unknown): Promise<Checked> {
    const { decisionId, outcome } = (item ?? {}) as Record<string, unknown>;
    if (typeof decisionId !== 'string') return { code: 'outcome-invalid', reason: 'decisionId is required, a string' };
    const fault = this.#outcome(outcome);
    if (fault !== undefined) return { code: 'outcome-invalid', reason: fault };
    const decision = await this.#decisions.find(decisionId);
    if (decision === undefined)
      return { code: 'decision-unknown', reason: `no decision ${decisionId.slice(0, 64)} is known` };
    const windowMs: number = this.#definition.outcome?.windowMs ?? Number.POSITIVE_INFINITY;
    if (this.#clock() - decision.atMs > windowMs) {
      return { code: 'decision-expired', reason: `the decision is older than ${windowMs} ms, its attribution window` };
    }
    return exampleOf(decision, { outcome, ...this.#rewardOf(decision, outcome) });
  }

  #rewardOf({ output }: LoggedDecision, outcome: unknown): { reward?: number } {
    const reward = this.#definition.reward?.(output, outcome);
    return reward === undefined ? {} : { reward };
  }

  #checkExample(item: unknown, nowMs: number): Checked {
    const { features, outcome, atMs = nowMs } = (item ?? {}) as Record<string, unknown>;
    const fault = this.#features(features) ?? this.#outcome(outcome) ?? timeFault(atMs, nowMs);
    if (fault !== undefined) return { code: 'example-invalid', reason: fault };
    return { features, outcome, atMs: atMs as number, featureRevision: featureRevisionOf(this.#definition) };
  }
}

function timeFault(atMs: unknown, nowMs: number): string | undefined {
  const fits = Number.isSafeInteger(atMs) && (atMs as number) >= 0 && (atMs as number) <= nowMs + AHEAD_MS_MAX;
  return fits ? undefined : 'atMs takes whole ms since the epoch, at most five minutes ahead';
}

function faultFinder(schema: TSchema, whole: string): (value: unknown) => string | undefined {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return undefined;
    const error = validator.Errors(value)[0];
    return `${whole}${error?.instancePath ?? ''} ${error?.message ?? 'is not as declared'}`;
  };
}

async function settle(
  checked: readonly Checked[],
  add: (examples: NewExample[]) => Promise<number>,
): Promise<BatchReply> {
  const refused = checked.flatMap((one, index) =>
    'code' in one ? [{ index, code: one.code, reason: one.reason }] : [],
  );
  const examples = checked.filter((one): one is NewExample => !('code' in one));
  const accepted = examples.length === 0 ? 0 : await add(examples);
  return { accepted, duplicates: examples.length - accepted, refused };
}
