import { type Caller, insertMany, type SqlValue, type Store, type Tx } from 'relearn';
import {
  type CheckedInteraction,
  checkInteraction,
  IMPRESSION,
  isRefusal,
  personForgotten,
  type Refusal,
} from './check-interaction.ts';
import { Forgotten, type Leaver } from './forgotten.ts';
import { type Deed, PersonHistory } from './history.ts';
import { hashId, IdSet } from './id-set.ts';
import { forgetImpressions, keepImpressions } from './impressions.ts';
import { Names } from './names.ts';
import { UndoStack } from './undo-stack.ts';

/*
 * 1. `record` resolves once what it accepted is on disk, and from then on `historyOf` contains it.
 * 2. An id counts once, over restarts too: the set of ids is rebuilt from the log.
 * 3. Memory (ids, sequences, histories) never holds what a failed commit took back: ids and sequences are undone before the next work
 *    begins, and histories learn only what is on disk.
 */

export interface IngestReport {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: { index: number; code: string; reason: string }[];
  /** Of those accepted, what there is something to learn from. */
  readonly learned: number;
}

const columns = [
  'sequence',
  'person',
  'item',
  'kind',
  'at_ms',
  'weight',
  'quantity',
  'timed',
  'id_high',
  'id_low',
  'value',
  'basket',
  'decision',
  'slot',
  'context',
];

const ITSELF: Caller = { kind: 'service', name: 'recommender' };

/** Rows of the log looked through in one transaction when people are erased: a few milliseconds. */
const ERASE_ROWS = 10_000;

/** Histories held in memory; the least recently used go first. */
const HISTORIES_MAX = 20_000;

/** Log entries that may wait to be packed into `histories`. */
const PACK_AFTER = 20_000;

/** People packed in one transaction: a few milliseconds. */
const PACK_PEOPLE = 200;

/** What people did: kept durably, counted once, and known to the next answer. */
export class InteractionLog {
  readonly people = new Names('people');
  readonly items = new Names('items');
  readonly kinds = new Names('kinds');
  readonly forgotten = new Forgotten();
  readonly #store: Store;
  readonly #clock: () => number;
  readonly #ids = new IdSet();
  readonly #undos = new UndoStack();
  #next = 1;
  /** Deeds that may not be packed yet, by person. */
  readonly #tail = new Map<number, Deed[]>();
  #tailSize = 0;
  readonly #histories = new Map<number, PersonHistory>();
  #packing: Promise<void> | undefined;

  private constructor(store: Store, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
  }

  static async open(store: Store, clock: () => number): Promise<InteractionLog> {
    const log = new InteractionLog(store, clock);
    await log.#load(store);
    return log;
  }

  /** Items that anybody did anything with. */
  readonly touched = new Set<number>();
  #through = 0;

  /** Sequence of the newest interaction that answers know of. */
  get through(): number {
    return this.#through;
  }

  /** @param caller - Who tells of it; this service itself unless said. */
  async record(candidates: readonly unknown[], caller: Caller = ITSELF): Promise<IngestReport> {
    const nowMs = this.#clock();
    const refused: IngestReport['refused'] = [];
    const checked: CheckedInteraction[] = [];
    for (const [index, candidate] of candidates.entries()) {
      const result = this.#unforgotten(checkInteraction(candidate, nowMs, caller));
      if (isRefusal(result))
        refused.push({ index, code: `recommender.interaction-${result.code}`, reason: result.reason });
      else checked.push(result);
    }
    const deeds = checked.filter(({ kind }) => kind !== IMPRESSION);
    const seen = deeds.length === checked.length ? 0 : await this.#keepSeen(checked.filter(isImpression));
    const kept = deeds.length === 0 ? [] : await this.#keep(deeds);
    this.#learn(kept);
    const accepted = kept.length + seen;
    return { accepted, duplicates: checked.length - accepted, refused, learned: kept.length };
  }

  #unforgotten(result: CheckedInteraction | Refusal): CheckedInteraction | Refusal {
    return isRefusal(result) || !this.forgotten.has(result.person, result.atMs) ? result : personForgotten;
  }

  #keepSeen(seen: readonly CheckedInteraction[]): Promise<number> {
    return this.#store.transact((tx) => keepImpressions(tx, seen));
  }

  /** What a person did, newest last; undefined for one nobody has seen. At once from memory, else one read by key. */
  historyOf(personName: string): PersonHistory | undefined | Promise<PersonHistory> {
    const person = this.people.find(personName);
    if (person === undefined) return undefined;
    const known = this.#histories.get(person);
    return known ? this.#use(person, known) : this.#read(person);
  }

  async #read(person: number): Promise<PersonHistory> {
    const row = await this.#store
      .prepare<PackedRow>('SELECT through, entries FROM histories WHERE person = ?')
      .get(person);
    return this.#histories.get(person) ?? this.#remember(person, row);
  }

  /**
   * Takes people's names from what they did: from now on nobody reaches it, and whoever has a name afterwards is somebody new. {@link erase} must
   * follow, after a restart too. May be repeated.
   */
  async bury(leavers: readonly Leaver[]): Promise<void> {
    const gone = await this.#store.transact(async (tx) => {
      const numbers: number[] = [];
      for (const leaver of leavers) {
        if (!(await this.forgotten.add(tx, leaver))) continue;
        await forgetImpressions(tx, leaver.name);
        const person = this.people.find(leaver.name);
        if (person === undefined) continue;
        numbers.push(person);
        await tx.prepare('UPDATE people SET name = ? WHERE id = ?').run(nameOfGone(person), person);
        await tx.prepare('INSERT OR IGNORE INTO erasing (person) VALUES (?)').run(person);
      }
      return numbers;
    });
    for (const person of gone) this.people.rename(person, nameOfGone(person));
  }

  /** Erases what buried people did. Takes a look at every row of the log, some at a time, so that nobody waits long; may be repeated when it was cut short. */
  async erase(): Promise<void> {
    const buried = await this.#store.prepare<{ person: number }>('SELECT person FROM erasing').all();
    if (buried.length === 0) return;
    for (let from = 0; from < this.#next; from += ERASE_ROWS)
      await this.#store.transact((tx) => this.#eraseRows(tx, from, from + ERASE_ROWS));
    await this.#packing;
    await this.#store.transact(async (tx) => {
      await this.#eraseRows(tx, this.#next - ERASE_ROWS, this.#next); // what was told while the log was looked through
      for (const { person } of buried) {
        this.#dropPerson(person);
        await tx.prepare('DELETE FROM histories WHERE person = ?').run(person);
        await tx.prepare('DELETE FROM erasing WHERE person = ?').run(person);
      }
    });
    for (const { person } of buried) this.#dropPerson(person);
  }

  /** Numbers of erased rows are never given again: decisions speak of them. */
  async #eraseRows(tx: Tx, from: number, to: number): Promise<void> {
    await tx
      .prepare(
        'DELETE FROM interactions WHERE sequence >= ? AND sequence < ? AND person IN (SELECT person FROM erasing)',
      )
      .run(from, to);
    await tx.prepare("INSERT OR REPLACE INTO progress (name, through) VALUES ('sequence', ?)").run(this.#next - 1);
  }

  #dropPerson(person: number): void {
    this.#tailSize -= this.#tail.get(person)?.length ?? 0;
    this.#tail.delete(person);
    this.#histories.delete(person);
  }

  /** Makes it the last that would be forgotten. */
  #use(person: number, history: PersonHistory): PersonHistory {
    this.#histories.delete(person);
    this.#histories.set(person, history);
    return history;
  }

  async close(): Promise<void> {
    await this.#packing;
  }

  async #keep(checked: readonly CheckedInteraction[]): Promise<{ person: number; deed: Deed }[]> {
    const ids: (readonly [high: number, low: number])[] = [];
    let undo = () => {};
    try {
      const kept = await this.#store.transact(async (tx) => {
        undo = this.#undoing(ids);
        try {
          return await this.#append(tx, checked, ids);
        } catch (error) {
          this.#undos.undo(undo); // it is rolled back alone, and others of its group run before its caller is told
          throw error;
        }
      });
      this.#undos.forget(undo);
      return kept;
    } catch (error) {
      this.#undos.undo(undo);
      throw error;
    }
  }

  /** How to put memory back as it is now, once `ids` were added. */
  #undoing(ids: readonly (readonly [high: number, low: number])[]): () => void {
    const next = this.#next;
    const names = [this.people, this.items, this.kinds].map((each) => ({ each, count: each.storedCount }));
    const undo = () => {
      this.#next = next;
      for (const { each, count } of names) each.storeAgainFrom(count);
      for (const [high, low] of ids) this.#ids.delete(high, low);
    };
    this.#undos.push(undo);
    return undo;
  }

  async #append(
    tx: Tx,
    checked: readonly CheckedInteraction[],
    ids: (readonly [high: number, low: number])[],
  ): Promise<{ person: number; deed: Deed }[]> {
    const rows: SqlValue[][] = [];
    const kept: { person: number; deed: Deed }[] = [];
    for (const row of checked) {
      if (this.forgotten.has(row.person, row.atMs)) continue; // deleted since it was checked
      const sequence = this.#next;
      const id = row.id === undefined ? undefined : hashId(row.id);
      if (id && !this.#ids.add(...id)) continue;
      if (id) ids.push(id);
      const [high, low] = id ?? [null, null];
      const person = this.people.intern(row.person);
      const item = this.items.intern(row.itemId);
      const kind = this.kinds.intern(row.kind);
      const {
        atMs,
        timed,
        weight,
        quantity = 1,
        value = null,
        basketId = null,
        decisionId = null,
        slot = null,
        context,
      } = row;
      rows.push([
        sequence,
        person,
        item,
        kind,
        atMs,
        weight,
        quantity,
        timed ? 1 : 0,
        high,
        low,
        value,
        basketId,
        decisionId,
        slot,
        context === undefined ? null : JSON.stringify(context),
      ]);
      this.#next++;
      kept.push({ person, deed: { sequence, item, kind, atMs, weight, basket: basketNumber(basketId) } });
    }
    await this.people.store(tx);
    await this.items.store(tx);
    await this.kinds.store(tx);
    await insertMany(tx, 'interactions', columns, rows);
    return kept;
  }

  #learn(kept: readonly { person: number; deed: Deed }[]): void {
    for (const { person, deed } of kept) this.#addToTail(person, deed);
    if (this.#tailSize >= PACK_AFTER) {
      this.#packing ??= this.#pack()
        .catch(() => undefined) // the tail stays as it is and is packed with the next rows; the store's health says what is wrong
        .finally(() => {
          this.#packing = undefined;
        });
    }
  }

  #addToTail(person: number, deed: Deed): void {
    this.#through = deed.sequence;
    this.touched.add(deed.item);
    const deeds = this.#tail.get(person);
    if (deeds) deeds.push(deed);
    else this.#tail.set(person, [deed]);
    this.#tailSize++;
    this.#histories.get(person)?.add(deed);
  }

  #remember(person: number, packed: PackedRow | undefined): PersonHistory {
    const history = packed ? PersonHistory.decode(packed.entries) : new PersonHistory();
    for (const deed of this.#tail.get(person) ?? []) if (deed.sequence > (packed?.through ?? 0)) history.add(deed);
    if (this.#histories.size >= HISTORIES_MAX) this.#histories.delete(this.#histories.keys().next().value!);
    this.#histories.set(person, history);
    return history;
  }

  /** Moves the tail into `histories`, a few people a transaction, so that nobody waits long behind it. */
  async #pack(): Promise<void> {
    const people = [...this.#tail.keys()];
    const through = this.#lastLearned();
    for (let from = 0; from < people.length; from += PACK_PEOPLE) {
      const last = from + PACK_PEOPLE >= people.length;
      await this.#store.transact((tx) =>
        this.#packPeople(tx, people.slice(from, from + PACK_PEOPLE), last ? through : undefined),
      );
    }
    for (const person of people) this.#dropPacked(person, through);
  }

  async #packPeople(tx: Tx, people: readonly number[], through: number | undefined): Promise<void> {
    const read = tx.prepare<PackedRow>('SELECT through, entries FROM histories WHERE person = ?');
    const write = tx.prepare('INSERT OR REPLACE INTO histories (person, through, entries) VALUES (?, ?, ?)');
    for (const person of people) {
      const packed = await read.get(person);
      const history = packed ? PersonHistory.decode(packed.entries) : new PersonHistory();
      const fresh = (this.#tail.get(person) ?? []).filter(({ sequence }) => sequence > (packed?.through ?? 0));
      for (const deed of fresh) history.add(deed);
      await write.run(person, fresh.at(-1)?.sequence ?? packed?.through ?? 0, history.encode());
    }
    if (through !== undefined)
      await tx.prepare("UPDATE progress SET through = ? WHERE name = 'histories'").run(through);
  }

  #lastLearned(): number {
    let last = 0;
    for (const deeds of this.#tail.values()) last = Math.max(last, deeds.at(-1)?.sequence ?? 0);
    return last;
  }

  #dropPacked(person: number, through: number): void {
    const deeds = this.#tail.get(person);
    if (!deeds) return;
    const left = deeds.filter(({ sequence }) => sequence > through);
    this.#tailSize -= deeds.length - left.length;
    if (left.length > 0) this.#tail.set(person, left);
    else this.#tail.delete(person);
  }

  async #load(from: Store): Promise<void> {
    await Promise.all([this.people, this.items, this.kinds, this.forgotten].map((each) => each.load(from)));
    const progress = await from
      .prepare<{ through: number }>("SELECT through FROM progress WHERE name = 'histories'")
      .get();
    for (let rows = await readLog(from, 0); rows.length > 0; rows = await readLog(from, this.#next - 1)) {
      for (const row of rows) this.#recall(row, progress?.through ?? 0);
      this.#next = rows.at(-1)!.sequence + 1;
    }
    const given = await from.prepare<{ through: number }>("SELECT through FROM progress WHERE name = 'sequence'").get();
    this.#next = Math.max(this.#next, (given?.through ?? 0) + 1);
  }

  #recall(row: LogRow, packedThrough: number): void {
    if (row.id_high !== null && row.id_low !== null) this.#ids.add(row.id_high, row.id_low);
    if (row.sequence <= packedThrough) {
      this.#through = row.sequence;
      this.touched.add(row.item);
      return;
    }
    const { sequence, person, item, kind, at_ms: atMs, weight, basket } = row;
    this.#addToTail(person, { sequence, item, kind, atMs, weight, basket: basketNumber(basket) });
  }
}

/** No caller can have it: names of people begin with `u:` or `v:`. */
function nameOfGone(person: number): string {
  return `gone:${person}`;
}

function isImpression({ kind }: CheckedInteraction): boolean {
  return kind === IMPRESSION;
}

interface PackedRow {
  readonly through: number;
  readonly entries: Uint8Array;
}

interface LogRow {
  sequence: number;
  person: number;
  item: number;
  kind: number;
  at_ms: number;
  weight: number;
  basket: string | null;
  id_high: number | null;
  id_low: number | null;
}

/** Rows read from the log at a time. */
const READ_ROWS = 50_000;

function readLog(from: Store, after: number): Promise<LogRow[]> {
  return from
    .prepare<LogRow>(
      `SELECT sequence, person, item, kind, at_ms, weight, basket, id_high, id_low FROM interactions WHERE sequence > ? ORDER BY sequence LIMIT ${READ_ROWS}`,
    )
    .all(after);
}

/** Baskets are compared, never named: their ids' hash will do. 0 for none. */
export function basketNumber(basketId: string | null): number {
  return basketId === null ? 0 : hashId(basketId)[1] | 0;
}
