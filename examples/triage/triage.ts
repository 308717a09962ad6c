import { deserialize, serialize } from 'node:v8';
import { aiService, type Example, type Static, type Trial, t } from 'relearn';

const question = t.Object({
  customerId: t.String({ minLength: 1 }),
  text: t.String({ minLength: 1, maxLength: 2000 }),
});
const answer = t.Object({ intent: t.String({ minLength: 1, maxLength: 100 }) });
type Examples = readonly Example<Static<typeof question>, Static<typeof answer>>[];
/** By intent, how many questions use each term; under the empty term, how many there are. */
type Uses = Map<string, Map<string, number>>;

/** Words, pairs of words, and parts of four letters, which survive a spelling mistake. */
function termsOf(text: string, withParts: boolean): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const pairs = words.slice(1).map((word, before) => `${words[before]} ${word}`);
  const parts = (word: string) => Array.from(word, (_, at) => `~${`<${word}>`.slice(at, at + 4)}`);
  return [...new Set(['', ...words, ...pairs, ...(withParts ? words.flatMap(parts) : [])])];
}

/** Naive Bayes: the intent under which the terms of the question are most likely. */
function naiveBayes(name: string, withParts: boolean) {
  const model = (uses: Uses) => ({
    uses,
    predict({ text }: { text: string }) {
      const terms = termsOf(text, withParts);
      const scored = Array.from(uses, ([intent, counts]) => {
        const total = Math.log(counts.get('')! + 0.2);
        return { intent, score: terms.reduce((sum, term) => sum + Math.log((counts.get(term) ?? 0) + 0.1) - total, 0) };
      });
      return { intent: scored.reduce((best, next) => (next.score > best.score ? next : best)).intent };
    },
  });
  const train = (examples: Examples) => {
    const uses: Uses = new Map(examples.map(({ outcome }) => [outcome.intent, new Map()]));
    for (const { features, outcome } of examples) {
      const counts = uses.get(outcome.intent)!;
      for (const term of termsOf(features.text, withParts)) counts.set(term, (counts.get(term) ?? 0) + 1);
    }
    return model(uses);
  };
  const encode = ({ uses }: ReturnType<typeof model>) => serialize(uses);
  const decode = (bytes: Uint8Array) => model(deserialize(bytes));
  return { name, format: 'naive-bayes/1', settings: { withParts }, train, encode, decode } satisfies Trial;
}

export default aiService({
  module: import.meta.url,
  name: 'triage',
  input: question,
  output: answer,
  outcome: { schema: answer, windowMs: 7 * 24 * 3_600_000 },
  unit: ({ customerId }) => customerId,
  reward: (given, actual) => Number(given.intent === actual.intent),
  trials: [naiveBayes('words', false), naiveBayes('words-and-parts', true)],
  golden: () => [{ customerId: 'golden', text: 'Where is my card?' }],
  fallback: () => ({ intent: 'ask-a-person' }),
  retrain: { outcomesMin: 500 },
});
