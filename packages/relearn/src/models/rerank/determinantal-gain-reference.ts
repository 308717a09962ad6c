import { type DiversityQuestion, type RankedList, relevances } from './ranked-list.ts';

type Question = Pick<DiversityQuestion, 'diversity' | 'similarity'>;

/** What an item at some place adds to the objective beside those at other places, from the determinants themselves. O(chosen³). */
export function determinantalGainReference(
  list: RankedList,
  question: Question,
  chosen: readonly number[],
  place: number,
): number {
  const { diversity, similarity } = question;
  const square = (places: readonly number[]) =>
    places.map((one) => places.map((other) => (one === other ? 1 : similarity(list.items[one]!, list.items[other]!))));
  const ratio = determinant(square([...chosen, place])) / determinant(square(chosen));
  return (
    (1 - diversity) * relevances(list, diversity)[place]! +
    diversity * (ratio < 1e-8 ? Number.NEGATIVE_INFINITY : Math.log(ratio))
  );
}

/** By elimination with the greatest pivot. */
function determinant(rows: number[][]): number {
  let product = 1;
  for (let column = 0; column < rows.length; column++) {
    let pivot = column;
    for (let row = column; row < rows.length; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    if (rows[pivot]![column] === 0) return 0;
    if (pivot !== column) {
      [rows[pivot], rows[column]] = [rows[column]!, rows[pivot]!];
      product = -product;
    }
    product *= rows[column]![column]!;
    for (let row = column + 1; row < rows.length; row++) {
      const share = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at < rows.length; at++) rows[row]![at]! -= share * rows[column]![at]!;
    }
  }
  return product;
}
