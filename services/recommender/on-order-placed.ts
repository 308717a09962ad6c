import { type Ai, consumer, job, t } from 'relearn';
import { orderPlaced } from '../../store/orders/contract.ts';
import { personForgotten } from './check-interaction.ts';
import { type Interaction, interaction } from './contract.ts';
import type { InteractionLog } from './interaction-log.ts';

const learnPurchasesName = { name: 'learn-purchases' };

/** Learns what was bought, and credits the recommendation that led to it. */
export const onOrderPlaced = consumer({
  event: orderPlaced,
  async handle({ orderId, userId, visitorId, atMs, lines }, { tx }) {
    const person = userId !== undefined ? { userId } : visitorId !== undefined ? { visitorId } : undefined;
    if (person === undefined) return;
    const interactions = lines.map(
      ({ productId, quantity, unitPrice, decisionId, slot }, line): Interaction => ({
        id: `order:${orderId}:${line}`,
        kind: 'purchase',
        ...person,
        itemId: productId,
        atMs,
        quantity,
        value: (unitPrice.amountMinor * quantity) / 100,
        basketId: orderId,
        ...(decisionId !== undefined && decisionId.length <= 64 && { decisionId }),
        ...(slot !== undefined && slot <= 1_000 && { slot }),
      }),
    );
    await tx.schedule(learnPurchasesName, { interactions }, { key: orderId });
  },
});

/** The log counts each purchase once, by its id, however often it is told of it. */
export function learnPurchasesJob(log: InteractionLog, ai: Pick<Ai, 'noteOutcomes'>) {
  return job({
    ...learnPurchasesName,
    payload: t.Object({ interactions: t.Array(interaction) }),
    async perform({ interactions }) {
      const { learned, refused } = await log.record(interactions);
      const fault = refused.find(({ code }) => code !== `recommender.interaction-${personForgotten.code}`);
      if (fault !== undefined) throw new Error(`Purchases were refused: ${JSON.stringify(fault)}`);
      ai.noteOutcomes(learned);
    },
  });
}
