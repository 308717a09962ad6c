/** Does every step in order, also after one has failed, so that nothing stays open behind a failure. @throws what failed. */
export async function inTurn(steps: readonly (() => PromiseLike<void> | void | undefined)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, 'Several steps failed.');
}
