import {
  Content,
  Ease,
  type Packed,
  type RankingModel,
  TifuKnn,
  trainContent,
  trainTifuKnn,
  trainUserKnn,
  UserKnn,
} from 'relearn/models';
import type { CommonParts } from './ranker-bytes.ts';
import type { BlendSettings, Given } from './ranker-settings.ts';
import { commonOf, easeOf, trainedOnce } from './trained-parts.ts';

/** Models that see different things in the same data. */
export interface BaseModels extends Pick<CommonParts, 'popularity' | 'own' | 'neighbours'> {
  readonly ease: Ease;
  readonly lasting: Ease;
  readonly users: UserKnn;
  readonly habits: TifuKnn;
  readonly content: Content;
}

/** In the order of a blend's weights. */
export const baseNames = ['popularity', 'own', 'neighbours', 'ease', 'lasting', 'users', 'habits', 'content'] as const;

export function modelsOf(bases: BaseModels): readonly RankingModel[] {
  return baseNames.map((name) => bases[name]);
}

export function trainBases(given: Given, { ease, lasting, users, habits, content }: BlendSettings): BaseModels {
  const { popularity, own, neighbours } = commonOf(given);
  const { data, context } = given;
  return {
    popularity,
    own,
    neighbours,
    ease: easeOf(given, ease),
    lasting: easeOf(given, lasting),
    users: trainedOnce(data, users, () => trainUserKnn(data, users, context)),
    habits: trainedOnce(data, habits, () => trainTifuKnn(data, habits)),
    content: trainedOnce(data.contents, content, () => trainContent(data.contents, content)),
  };
}

/** Without those of every version, which are kept beside. */
export function packBases({ ease, lasting, users, habits, content }: BaseModels): Readonly<Record<string, Packed>> {
  return {
    ease: ease.pack(),
    lasting: lasting.pack(),
    users: users.pack(),
    habits: habits.pack(),
    content: content.pack(),
  };
}

export function unpackBases(
  { ease, lasting, users, habits, content }: Readonly<Record<string, Packed>>,
  { popularity, own, neighbours }: CommonParts,
): BaseModels {
  return {
    popularity,
    own,
    neighbours,
    ease: Ease.unpack(ease!),
    lasting: Ease.unpack(lasting!),
    users: UserKnn.unpack(users!),
    habits: TifuKnn.unpack(habits!),
    content: Content.unpack(content!),
  };
}
