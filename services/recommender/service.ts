import { type Ai, type HandlersOf, ProblemError } from 'relearn';
import { itemUnknown, personAmbiguous, type recommenderContract } from './contract.ts';
import type { Features, Ranked, Surface } from './features.ts';
import type { Question, Recommender } from './recommender.ts';

/** Handlers in the contract's order. */
export function handlers(recommender: Recommender, ai: Ai<Features, Ranked>): HandlersOf<typeof recommenderContract> {
  const { log } = recommender;

  const answer = (surface: Surface, question: Question) => recommender.answer(ai, surface, question);

  return {
    recordInteractions: async ({ body }) => {
      const report = await log.record(body.interactions);
      ai.noteOutcomes(report.accepted);
      return report;
    },
    forYou: ({ body }) => answer('for-you', aboutOnePerson(body)),
    similarTo: async ({ body }) => {
      await recommender.shelf.refresh();
      if (log.items.find(body.itemId) === undefined)
        throw new ProblemError(itemUnknown, { detail: `No item ${body.itemId}.` });
      return answer('similar-to', { ...body, about: [body.itemId] });
    },
    goesWith: ({ body }) => answer('goes-with', { ...body, about: body.basket }),
    popular: ({ body }) => answer('popular', body),
    buyAgain: ({ body }) => answer('buy-again', aboutOnePerson(body)),
    getHistory: async ({ params, query }) => ({
      interactions: await recommender.newestDeeds(params.userId, query.limit ?? 100),
    }),
    listUsers: async ({ query }) => ({ users: await recommender.recentUsers(query.limit ?? 20) }),
  };
}

function aboutOnePerson<Q extends Question>(question: Q): Q {
  if ((question.userId === undefined) === (question.visitorId === undefined)) throw new ProblemError(personAmbiguous);
  return question;
}
