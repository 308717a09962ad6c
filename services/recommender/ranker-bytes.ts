import {
  ItemKnn,
  ModelBytesInvalid,
  OwnFrequency,
  type Packed,
  Popularity,
  pack,
  type RankingModel,
  unpack,
} from 'relearn/models';
import { Ranker, type RankerParts } from './ranker.ts';

/** What a ranker has beside its model for *for you*. */
export type CommonParts = Omit<RankerParts, 'forYou'>;

/** How a trial's own models become columns, by the name of each part, and are read back. */
export interface ForYouCodec {
  pack(model: RankingModel): Readonly<Record<string, Packed>>;
  unpack(packed: Readonly<Record<string, Packed>>, common: CommonParts): RankingModel;
}

/** A ranker as bytes; a part that serves several questions is written once. */
export function encodeRanker(format: string, { parts }: Ranker, codec: ForYouCodec): Uint8Array {
  const { itemIds, forYou, popularity, own, neighbours } = parts;
  const packed = {
    popularity: popularity.pack(),
    own: own.pack(),
    neighbours: neighbours.pack(),
    ...codec.pack(forYou),
  };
  const columns = Object.entries(packed).flatMap(([part, { columns }]) =>
    Object.entries(columns).map(([name, column]) => [`${part}.${name}`, column] as const),
  );
  return pack(format, {
    settings: Object.fromEntries(Object.entries(packed).map(([part, { settings }]) => [part, settings])),
    columns: { itemIds, ...Object.fromEntries(columns) },
  });
}

/** @throws ModelBytesInvalid */
export function decodeRanker(format: string, bytes: Uint8Array, codec: ForYouCodec): Ranker {
  const { settings, columns } = unpack(format, bytes);
  const packed = Object.fromEntries(
    Object.entries(settings).map(([part, partSettings]) => [
      part,
      { settings: partSettings as Packed['settings'], columns: columnsOf(part, columns) },
    ]),
  );
  const { popularity, own, neighbours } = packed;
  if (!popularity || !own || !neighbours) throw new ModelBytesInvalid(`These bytes lack a part of ${format}.`);
  const common = {
    itemIds: columns.itemIds as Int32Array,
    popularity: Popularity.unpack(popularity),
    own: OwnFrequency.unpack(own),
    neighbours: ItemKnn.unpack(neighbours),
  };
  return new Ranker({ ...common, forYou: codec.unpack(packed, common) });
}

function columnsOf(part: string, columns: Packed['columns']): Packed['columns'] {
  const prefix = `${part}.`;
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), column]] : [],
    ),
  );
}
