import { type DiversityQuestion, type RankedList, relevances } from './ranked-list.ts';

/** The formula at its word: every item left is compared to every item chosen, at every place. O(k² · list length). */
export function maximalMarginalRelevanceReference(list: RankedList, question: DiversityQuestion): number[] {
  const { k, diversity, similarity } = question;
  const relevance = relevances(list, diversity);
  const chosen: number[] = [];
  const gainAt = (place: number) => {
    const likeness = Math.max(0, ...chosen.map((other) => similarity(other, list.items[place]!)));
    return (1 - diversity) * relevance[place]! - diversity * likeness;
  };
  while (chosen.length < Math.min(k, list.items.length)) {
    const places = [...list.items.keys()].filter((place) => !chosen.includes(list.items[place]!));
    const most = Math.max(...places.map(gainAt));
    chosen.push(list.items[places.find((place) => gainAt(place) === most)!]!);
  }
  return chosen;
}
