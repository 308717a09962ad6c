import { insertMany, type Store, type Tx } from 'relearn';

/**
 * Names and their numbers, 0, 1, 2 …, in memory and in a table `(id, name)`. A number once given stays the name's for as long as the process
 * lives, also when the transaction that first needed it failed: the next one writes it.
 */
export class Names {
  readonly #table: string;
  #ids = new Map<string, number>();
  #names: string[] = [];
  #stored = 0;

  constructor(table: 'people' | 'items' | 'kinds') {
    this.#table = table;
  }

  get count(): number {
    return this.#names.length;
  }

  find(name: string): number | undefined {
    return this.#ids.get(name);
  }

  nameOf(id: number): string {
    const name = this.#names[id];
    if (name === undefined) throw new RangeError(`${this.#table} has ${this.count} names, none with the number ${id}.`);
    return name;
  }

  /** The name's number, given now if it has none; {@link store} must follow in the same transaction. */
  intern(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#names.push(name) - 1;
    this.#ids.set(name, id);
    return id;
  }

  /** Gives a number another name; the table is the caller's to change. */
  rename(id: number, name: string): void {
    this.#ids.delete(this.nameOf(id));
    this.#ids.set(name, id);
    this.#names[id] = name;
  }

  /** How many are written, if the transactions so far are committed. */
  get storedCount(): number {
    return this.#stored;
  }

  /** Those past this count are written again: the transaction that wrote them failed. */
  storeAgainFrom(count: number): void {
    this.#stored = count;
  }

  /** Writes the numbers given since it was last called. */
  async store(tx: Tx): Promise<void> {
    if (this.#stored === this.count) return;
    const rows = this.#names.slice(this.#stored).map((name, at) => [this.#stored + at, name]);
    await insertMany(tx, this.#table, ['id', 'name'], rows);
    this.#stored = this.count;
  }

  /** Reads what is in the store; before any number is given. */
  async load(store: Store): Promise<void> {
    const rows = await store.prepare<{ name: string }>(`SELECT name FROM ${this.#table} ORDER BY id`).all();
    this.#names = rows.map(({ name }) => name);
    this.#ids = new Map(this.#names.map((name, id) => [name, id]));
    this.#stored = this.count;
  }
}
