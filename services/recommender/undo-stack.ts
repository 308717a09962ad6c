/** Undoes in memory what failed commits took back, newest first: works run one at a time, so the last to begin is the first to go. */
export class UndoStack {
  #undos: (() => void)[] = [];

  /** Remembers how to undo a work that begins now. */
  push(undo: () => void): void {
    this.#undos.push(undo);
  }

  /** The work is on disk and stays. */
  forget(undo: () => void): void {
    this.#undos = this.#undos.filter((each) => each !== undo);
  }

  /** Undoes the work and all that began after it; nothing when it never began or is undone already. */
  undo(undo: () => void): void {
    const from = this.#undos.indexOf(undo);
    if (from < 0) return;
    for (const each of this.#undos.splice(from).reverse()) each();
  }
}
