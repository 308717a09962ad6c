import { type Ai, type Caller, type HandlersOf, ProblemError } from 'relearn';
import { itemUnknown, personAmbiguous, type recommenderContract } from './contract.ts';
import type { Features, Ranked, Surface } from './features.ts';
import { ownPerson, type Person } from './own-person.ts';
import type { Question, Recommender } from './recommender.ts';

/** Handlers in the contract's order. */
export function handlers(recommender: Recommender, ai: Ai<Features, Ranked>): HandlersOf<typeof recommenderContract> {
  const { log } = recommender;

  const answer = (surface: Surface, question: Question) => recommender.answer(ai, surface, question);

  return {
    recordInteractions: async ({ body }, { caller }) => {
      const { learned, ...report } = await log.record(body.interactions, caller);
      ai.noteOutcomes(learned);
      return report;
    },
    forYou: ({ body }, { caller }) => answer('for-you', ofSomebody(asked(caller, body))),
    similarTo: async ({ body }, { caller }) => {
      await recommender.shelf.refresh();
      if (log.items.find(body.itemId) === undefined)
        throw new ProblemError(itemUnknown, { detail: `No item ${body.itemId}.` });
      return answer('similar-to', { ...asked(caller, body), about: [body.itemId] });
    },
    goesWith: ({ body }, { caller }) => answer('goes-with', { ...asked(caller, body), about: body.basket }),
    popular: ({ body }, { caller }) => answer('popular', asked(caller, body)),
    buyAgain: ({ body }, { caller }) => answer('buy-again', ofSomebody(asked(caller, body))),
    getOwnHistory: async ({ query }, { caller }) => ({
      interactions: await recommender.newestDeeds(ofSomebody(ownPerson(caller, {})), query.limit ?? 1000),
    }),
    getHistory: async ({ params, query }) => ({
      interactions: await recommender.newestDeeds({ userId: params.userId }, query.limit ?? 100),
    }),
    listUsers: async ({ query }) => ({ users: await recommender.recentUsers(query.limit ?? 20) }),
  };
}

/** The question with the person it is about, and the guest they were. @throws ProblemError `recommender.person-foreign`. */
function asked<Q extends Person>(caller: Caller, { userId, visitorId, ...question }: Q): Question {
  const person = ownPerson(caller, { ...(userId && { userId }), ...(visitorId && { visitorId }) });
  const isUser = caller.kind === 'shopper' || caller.kind === 'operator';
  const onceGuest = isUser ? caller.visitorId : undefined;
  return { ...question, ...person, ...(onceGuest !== undefined && { onceGuest }) };
}

function ofSomebody(question: Question): Question {
  if ((question.userId === undefined) === (question.visitorId === undefined)) throw new ProblemError(personAmbiguous);
  return question;
}
