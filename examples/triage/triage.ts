import { deserialize, serialize } from 'node:v8';
import { aiService, type Example, type Static, type Trial, t } from 'relearn';

const question = t.Object({
  customerId: t.String({ minLength: 1 }),
  text: t.String({ minLength: 1, maxLength: 2000 }),
});
const answer = t.Object({ intent: t.String({ minLength: 1, maxLength: 100 }) });
type Question = Static<typeof question>;
type Answer = Static<typeof answer>;
/** How many questions use each term; under the empty term, how many there are. */
type Uses = Map<string, number>;

/** Words, pairs of words, and parts of four letters, which survive a spelling mistake. */
function termsOf(text: string, withParts: boolean): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const pairs = words.slice(1).map((word, before) => `${words[before]} ${word}`);
  const parts = (word: string) => Array.from(word, (_, at) => `~${`<${word}>`.slice(at, at + 4)}`);
  return [...new Set(['', ...words, ...pairs, ...(withParts ? words.flatMap(parts) : [])])];
}

/** Naive Bayes: the intent under which the terms of the question are most likely. */
function naiveBayes(name: string, settings: { withParts: boolean; smoothing: number }) {
  const { withParts, smoothing } = settings;
  const score = (uses: Uses, terms: string[]) => {
    const total = Math.log(uses.get('')! + 2 * smoothing);
    return terms.reduce((sum, term) => sum + Math.log((uses.get(term) ?? 0) + smoothing) - total, total);
  };
  const model = (intents: Map<string, Uses>) => ({
    intents,
    predict({ text }: Question): Answer {
      const terms = termsOf(text, withParts);
      const scored = Array.from(intents, ([intent, uses]) => ({ intent, score: score(uses, terms) }));
      return { intent: scored.reduce((best, next) => (next.score > best.score ? next : best)).intent };
    },
  });
  const train = (examples: readonly Example<Question, Answer>[]) => {
    const intents = new Map(examples.map(({ outcome }) => [outcome.intent, new Map() as Uses]));
    for (const { features, outcome } of examples) {
      const uses = intents.get(outcome.intent)!;
      for (const term of termsOf(features.text, withParts)) uses.set(term, (uses.get(term) ?? 0) + 1);
    }
    return model(intents);
  };
  const code = {
    encode: (of: ReturnType<typeof model>) => serialize(of.intents),
    decode: (bytes: Uint8Array) => model(deserialize(bytes)),
  };
  return { name, format: 'naive-bayes/1', settings, train, ...code } satisfies Trial;
}

const fallback = () => ({ intent: 'ask-a-person' });
const outcome = { schema: answer, windowMs: 7 * 24 * 3_600_000 };
const trials = [false, true].map((withParts) =>
  naiveBayes(withParts ? 'words-and-parts' : 'words', { withParts, smoothing: 0.1 }),
);
const shape = {
  name: 'triage',
  input: question,
  output: answer,
  outcome,
  trials,
  fallback,
  retrain: { outcomesMin: 500 },
};
export default aiService({
  ...shape,
  module: import.meta.url,
  unit: ({ customerId }) => customerId,
  reward: (given, actual) => Number(given.intent === actual.intent),
  golden: () => [{ customerId: 'golden', text: 'Where is my card?' }],
});
