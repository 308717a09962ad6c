import type { PlacementRules } from './placed.ts';

/** The rules at their word: at every place, the first item that all rules let through beside the pins and what is placed. O(k · items · k). */
export function placedReference(items: readonly number[], rules: PlacementRules): number[] {
  const { k, pins = [], isBuried = () => false, isInStock = () => true, cap } = rules;
  const standing = pins.filter(({ item }) => isInStock(item)).toSorted((a, b) => a.place - b.place);
  const fits = (list: readonly number[]) =>
    list
      .flatMap((item) => cap?.categoriesOf(item) ?? [])
      .every((category) => countOf(list, category) <= cap!.maxOf(category));
  const countOf = (list: readonly number[], category: string) =>
    list.filter((item) => cap!.categoriesOf(item).includes(category)).length;
  const list: number[] = [];
  while (list.length < k) {
    const pinned = standing.map(({ item }) => item);
    const next = [...items.filter((item) => !isBuried(item)), ...items.filter(isBuried)].find(
      (item) =>
        isInStock(item) &&
        !list.includes(item) &&
        !pinned.includes(item) &&
        fits([...new Set([...list, ...pinned, item])]),
    );
    const pin = standing.find(({ item }) => !list.includes(item));
    if (pin && (pin.place <= list.length || next === undefined)) list.push(pin.item);
    else if (next !== undefined) list.push(next);
    else break;
  }
  return list;
}
