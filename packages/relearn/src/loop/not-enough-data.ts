/** Thrown by datasets and evaluations: the training fails, and its sentence says what to bring. */
export class NotEnoughData extends Error {
  override readonly name = 'NotEnoughData';
}
