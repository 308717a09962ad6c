import { deserialize, serialize } from 'node:v8';
import { aiService, type Example, type Static, type Trial, t } from 'relearn';

const question = t.Object({
  customerId: t.String({ minLength: 1 }),
  text: t.String({ minLength: 1, maxLength: 2000 }),
});
const answer = t.Object({ intent: t.String({ minLength: 1, maxLength: 100 }) });
type Question = Static<typeof question>;
type Answer = Static<typeof answer>;
/** By intent, how many questions use a term; under the empty term, how many there are. */
type Uses = Map<string, Map<string, number>>;

/** Words, pairs of words, and parts of four letters, which survive a spelling mistake. */
function termsOf(text: string, withParts: boolean): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const pairs = words.slice(1).map((word, before) => `${words[before]} ${word}`);
  const parts = (word: string) => Array.from(word, (_, at) => `~${`<${word}>`.slice(at, at + 4)}`);
  return new Set(['', ...words, ...pairs, ...(withParts ? words.flatMap(parts) : [])]);
}

/** Naive Bayes: the intent under which the terms of the question are most likely. */
function naiveBayes(name: string, withParts: boolean, smoothing = 0.1) {
  const model = (uses: Uses) => ({
    uses,
    predict({ text }: Question): Answer {
      const terms = [...termsOf(text, withParts)];
      const scores = Array.from(uses, ([intent, counts]) => {
        const total = Math.log(counts.get('')! + 2 * smoothing);
        const score = (sum: number, term: string) => sum + Math.log((counts.get(term) ?? 0) + smoothing) - total;
        return { intent, score: terms.reduce(score, total) };
      });
      return { intent: scores.reduce((best, next) => (next.score > best.score ? next : best)).intent };
    },
  });
  return {
    ...{ name, format: 'naive-bayes/1', settings: { withParts, smoothing } },
    train(examples) {
      const uses: Uses = new Map();
      for (const { features, outcome } of examples) {
        const counts = uses.get(outcome.intent) ?? new Map<string, number>();
        for (const term of termsOf(features.text, withParts)) counts.set(term, (counts.get(term) ?? 0) + 1);
        uses.set(outcome.intent, counts);
      }
      return model(uses);
    },
    encode: ({ uses }) => serialize(uses),
    decode: (bytes) => model(deserialize(bytes)),
  } satisfies Trial<readonly Example<Question, Answer>[], Question, Answer, ReturnType<typeof model>>;
}

export default aiService({
  ...{ module: import.meta.url, name: 'triage', input: question, output: answer },
  ...{ outcome: { schema: answer, windowMs: 604_800_000 }, unit: ({ customerId }) => customerId },
  reward: (given, actual) => Number(given.intent === actual.intent),
  trials: [naiveBayes('words', false), naiveBayes('words-and-parts', true)],
  golden: () => [{ customerId: 'golden', text: 'Where is my card?' }],
  ...{ fallback: () => ({ intent: 'ask-a-person' }), retrain: { outcomesMin: 500 } },
});
