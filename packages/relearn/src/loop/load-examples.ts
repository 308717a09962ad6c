import type { Store } from '../store/store.ts';
import type { Example } from './decision.ts';
import type { AnyDefinition } from './definition.ts';
import { endOfExamples } from './example-store.ts';
import { NotEnoughData } from './not-enough-data.ts';

const EXAMPLES_MIN = 20;

interface ExampleRow {
  readonly features: string;
  readonly outcome: string;
  readonly at_ms: number;
}

/**
 * Everything learned of under the present feature revision, in the order it came.
 *
 * @throws NotEnoughData when there are fewer examples than the definition asks for.
 */
export async function loadExamples(
  store: Store,
  definition: AnyDefinition,
): Promise<{ data: Example[]; range: readonly [number, number] }> {
  const end = await endOfExamples(store);
  const sql = 'SELECT features, outcome, at_ms FROM examples WHERE feature_revision = ? AND seq < ? ORDER BY seq';
  const rows = await store.prepare<ExampleRow>(sql).all(featureRevisionOf(definition), end);
  const min = definition.examplesMin ?? EXAMPLES_MIN;
  if (rows.length < min) {
    throw new NotEnoughData(
      `${rows.length} examples are not enough to train ${definition.name}, which takes ${min}. Bring some along with POST /api/${definition.name}/examples, or send outcomes of its decisions.`,
    );
  }
  return { data: rows.map(exampleOfRow), range: [1, end] };
}

export function featureRevisionOf({ features }: AnyDefinition): number {
  return features?.revision ?? 1;
}

function exampleOfRow({ features, outcome, at_ms }: ExampleRow): Example {
  return { features: JSON.parse(features), outcome: JSON.parse(outcome), atMs: at_ms };
}
