import type { Ai, Store } from 'relearn';
import { type CategoryCap, placed } from 'relearn/models';
import { personName, unitOf } from './check-interaction.ts';
import { ContentNeighbours } from './content-neighbours.ts';
import type { Slate } from './contract.ts';
import { type Features, maySee, type Ranked, type Surface } from './features.ts';
import { DEEDS_MAX, joined, type PersonHistory } from './history.ts';
import { InteractionLog } from './interaction-log.ts';
import type { Person } from './own-person.ts';
import { type ItemFilter, ProductShelf } from './product-shelf.ts';
import { RecentPopularity } from './recent-popularity.ts';
import { type Meanings, slateOf } from './slate.ts';

/** What is asked, whatever the surface. */
export interface Question extends ItemFilter {
  readonly userId?: string;
  readonly visitorId?: string;
  /** The guest that a user was before they signed in. */
  readonly onceGuest?: string;
  readonly k?: number;
  readonly exclude?: readonly string[];
  /** Names of the items that are asked about: a basket, or one item. */
  readonly about?: readonly string[];
  /** Also items that the person has bought. */
  readonly withBought?: boolean;
  /** 0 to 1: how much unlike items are preferred to the best ones. */
  readonly diversity?: number;
  /** Items of one category at most. */
  readonly categoryMax?: number;
}

interface Asked {
  readonly surface: Surface;
  readonly question: Question;
  readonly person: string;
  readonly history: PersonHistory | undefined;
}

/** Items that what they say of themselves is asked of: the newest. */
const ABOUT_MAX = 10;

const noHistory = { items: new Int32Array(0), atMs: new Float64Array(0), weights: new Float32Array(0) };

/** The recommender's state beside its model: what people did, what is on the shelf. One for each store. */
export class Recommender {
  readonly log: InteractionLog;
  readonly shelf: ProductShelf;
  readonly #store: Store;
  readonly #content: ContentNeighbours;
  readonly #popularity: RecentPopularity;
  readonly #clock: () => number;
  #untouched: readonly number[] = [];
  #newcomersAge = '';

  static readonly #opened = new WeakMap<Store, Recommender>();

  private constructor(store: Store, log: InteractionLog, clock: () => number) {
    this.#store = store;
    this.log = log;
    this.shelf = new ProductShelf(store, log.items, clock);
    this.#content = new ContentNeighbours(this.shelf);
    this.#popularity = new RecentPopularity(store, clock);
    this.#clock = clock;
  }

  static async open(store: Store, clock: () => number): Promise<Recommender> {
    const recommender = new Recommender(store, await InteractionLog.open(store, clock), clock);
    Recommender.#opened.set(store, recommender);
    return recommender;
  }

  /** The one that was opened on a store. */
  static of(store: Store): Recommender {
    const recommender = Recommender.#opened.get(store);
    if (!recommender) throw new Error(`No recommender was opened on ${store.path}.`);
    return recommender;
  }

  /** Asks the champion, or recent popularity where there is none; at once where nothing must be read first. */
  answer(ai: Ai<Features, Ranked>, surface: Surface, question: Question): Slate | Promise<Slate> {
    const person = this.#personOf(question);
    const given = this.#given(person, question.onceGuest);
    const decide = (history: PersonHistory | undefined) => this.#decide(ai, { surface, question, person, history });
    return given instanceof Promise ? given.then(decide) : decide(given);
  }

  /** Who was deleted is nobody in particular. */
  #personOf(question: Question): string {
    const unit = unitOf(question);
    return this.log.forgotten.has(unit, this.#clock()) ? unitOf({}) : unit;
  }

  #decide(ai: Ai<Features, Ranked>, { surface, question, person, history }: Asked): Slate {
    const features = this.#features(surface, question, history);
    const { through } = this.log;
    const decision = ai.decide({
      unit: person,
      surface,
      features,
      fallback: () => this.fallback(features),
      log: (output) => ({
        features: { ...logged(features, question, through), ...this.#joinedTo(question) },
        output: { items: output.items },
      }),
    });
    return slateOf(decision, surface, this.#meanings(history));
  }

  /** Whose history was joined, by their number: it names nobody once the guest is forgotten. */
  #joinedTo({ onceGuest }: Question): { readonly guest?: number } {
    const guest = onceGuest === undefined ? undefined : this.log.people.find(personName({ visitorId: onceGuest }));
    return guest === undefined ? {} : { guest };
  }

  /** Everything that a model is asked with. */
  async features(surface: Surface, question: Question): Promise<Features> {
    return this.#features(surface, question, await this.#given(this.#personOf(question), question.onceGuest));
  }

  /** The person's history, once shelf and popularity are fresh: two reads by key, mostly from memory. */
  #given(person: string, onceGuest?: string): PersonHistory | undefined | Promise<PersonHistory | undefined> {
    if (!this.shelf.isStale() && !this.#popularity.isStale()) return this.#historyOf(person, onceGuest);
    return this.#refresh().then(() => this.#historyOf(person, onceGuest));
  }

  /** With what they did as a guest before they signed in. */
  #historyOf(
    person: string,
    onceGuest: string | undefined,
  ): PersonHistory | undefined | Promise<PersonHistory | undefined> {
    const own = this.log.historyOf(person);
    if (onceGuest === undefined) return own;
    const guest = this.log.historyOf(personName({ visitorId: onceGuest }));
    if (guest === undefined) return own;
    if (!(own instanceof Promise || guest instanceof Promise)) return joined(own, guest);
    return Promise.all([own, guest]).then(([one, other]) => joined(one, other));
  }

  async #refresh(): Promise<void> {
    if (this.shelf.isStale()) await this.shelf.refresh();
    if (this.#popularity.isStale()) await this.#popularity.refresh();
  }

  /** What the numbers of items stand for, to the person with this history. */
  #meanings(history: PersonHistory | undefined): Meanings {
    const nameOf = (item: number) => this.log.items.nameOf(item);
    const purchase = this.log.kinds.find('purchase');
    return {
      nameOf,
      titleOf: (item) => this.shelf.productOf(item)?.title ?? nameOf(item),
      bought: (item) => history !== undefined && purchase !== undefined && history.has(item, purchase),
    };
  }

  #features(surface: Surface, question: Question, history: PersonHistory | undefined): Features {
    const { k = 20 } = question;
    const asked = question.about ? this.#columnsOf(question.about) : newest(history);
    const content = this.#candidates(surface, asked.items, k);
    return {
      surface,
      nowMs: this.#clock(),
      k,
      ...asked,
      exclude: this.#excluded(surface, question, history),
      allowed: this.shelf.allowed(question),
      ...content,
      ...(question.diversity !== undefined && { diversity: question.diversity }),
      ...(question.categoryMax !== undefined && { cap: this.#cap(question.categoryMax) }),
    };
  }

  /** Items without a known product are in no category. */
  #cap(categoryMax: number): CategoryCap {
    return {
      categoriesOf: (item) => this.shelf.productOf(item)?.categories ?? [],
      maxOf: () => categoryMax,
    };
  }

  /** What somebody did, newest first, as far as the live history goes back. */
  async newestDeeds(person: Person, limit: number) {
    const history = await this.log.historyOf(personName(person));
    return (history?.newest(limit) ?? []).map(({ kind, item, atMs, weight }) => ({
      kind: this.log.kinds.nameOf(kind),
      itemId: this.log.items.nameOf(item),
      atMs,
      weight,
    }));
  }

  /** Users who did something among the newest interactions, newest first. */
  async recentUsers(limit: number) {
    const rows = await this.#store
      .prepare<{ person: number; interactions: number; lastAtMs: number }>(
        `SELECT person, count(*) AS interactions, max(at_ms) AS lastAtMs FROM interactions
         WHERE sequence > (SELECT max(sequence) FROM interactions) - 200000 GROUP BY person ORDER BY lastAtMs DESC`,
      )
      .all();
    return rows
      .map(({ person, ...row }) => ({ ...row, name: this.log.people.nameOf(person) }))
      .filter(({ name }) => name.startsWith('u:'))
      .slice(0, limit)
      .map(({ name, ...row }) => ({ userId: name.slice(2), ...row }));
  }

  /** Recent popularity, or what the items say of themselves where the question is about items. */
  fallback(features: Features): Ranked {
    const seen = maySee(features);
    const ranked = [...features.candidates, ...this.#popularity.ranked, ...this.shelf.numbers()].filter(seen);
    const { k, cap } = features;
    const items = [...placed(ranked, { k, ...(cap && { cap }) })];
    const candidates = new Set(features.candidates);
    return {
      items,
      scores: items.map((_, place) => 1 / (place + 1)),
      because: items.map(() => -1),
      basis: items.map((item) => (candidates.has(item) ? 'content' : 'popular')),
    };
  }

  /** Products on the shelf that nobody has touched. */
  #newcomers(): readonly number[] {
    const age = `${this.shelf.revision} ${this.log.touched.size}`;
    if (age !== this.#newcomersAge) {
      this.#newcomersAge = age;
      this.#untouched = [...this.shelf.numbers()].filter((item) => !this.log.touched.has(item));
    }
    return this.#untouched;
  }

  #columnsOf(names: readonly string[]) {
    const items = names.flatMap((name) => this.log.items.find(name) ?? []);
    return { items, atMs: items.map(() => this.#clock()), weights: items.map(() => 1) };
  }

  #excluded(
    surface: Surface,
    { exclude = [], about = [], withBought }: Question,
    history: PersonHistory | undefined,
  ): number[] {
    const named = [...exclude, ...about].flatMap((name) => this.log.items.find(name) ?? []);
    if (surface !== 'for-you' || withBought || !history) return named;
    const purchase = this.log.kinds.find('purchase');
    for (let at = 0; at < history.length; at++) if (history.kinds[at] === purchase) named.push(history.items[at]!);
    return named;
  }

  /** Items that speak for themselves: for what nobody has touched yet, and for questions about it. */
  #candidates(surface: Surface, items: ArrayLike<number>, k: number): Pick<Features, 'candidates' | 'newcomers'> {
    if (surface === 'popular' || surface === 'buy-again' || items.length === 0) return { candidates: [], newcomers: 0 };
    if (surface !== 'for-you') return { candidates: this.#similarToAny(items, k), newcomers: 0 };
    if (this.#newcomers().length === 0) return { candidates: [], newcomers: 0 };
    const scores = new Float32Array(this.log.items.count);
    for (let at = Math.max(0, items.length - ABOUT_MAX); at < items.length; at++)
      this.#content.addSimilar(items[at]!, 1, scores);
    const candidates = this.#newcomers()
      .filter((item) => scores[item]! > 0)
      .sort((a, b) => scores[b]! - scores[a]!)
      .slice(0, k);
    return { candidates, newcomers: candidates.length > 0 && k >= 10 ? 1 : 0 };
  }

  /** What is most similar to the last of these items together. */
  #similarToAny(items: ArrayLike<number>, k: number): number[] {
    const scores = new Map<number, number>();
    for (let at = Math.max(0, items.length - ABOUT_MAX); at < items.length; at++) {
      const nearest = this.#content.nearest(items[at]!, this.log.items.count);
      if (items.length === 1) return Array.from(nearest.items.subarray(0, k));
      for (const [place, item] of nearest.items.entries())
        scores.set(item, (scores.get(item) ?? 0) + nearest.scores[place]!);
    }
    return [...scores]
      .sort(([, one], [, other]) => other - one)
      .slice(0, k)
      .map(([item]) => item);
  }
}

function newest(history: PersonHistory | undefined): Pick<Features, 'items' | 'atMs' | 'weights'> {
  if (!history) return noHistory;
  const from = Math.max(0, history.length - DEEDS_MAX);
  return {
    items: history.items.subarray(from, history.length),
    atMs: history.atMs.subarray(from, history.length),
    weights: history.weights.subarray(from, history.length),
  };
}

/**
 * What the decision log keeps. The history is not copied: it is the person's interactions up to `through`, and those of the guest
 * they were, which the log gives again.
 */
function logged({ surface, nowMs, k, candidates, newcomers }: Features, question: Question, through: number) {
  const { userId: _, visitorId: __, onceGuest: ___, ...asked } = question;
  return { surface, nowMs, k, through, asked, candidates: candidates.slice(0, newcomers) };
}
