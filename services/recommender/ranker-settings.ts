import type { TrainingContext } from 'relearn';
import type {
  ContentSettings,
  EaseSettings,
  ItemKnnSettings,
  OwnFrequencySettings,
  PopularitySettings,
  SecondStageSettings,
  TifuKnnSettings,
  UserKnnSettings,
} from 'relearn/models';
import type { Dataset } from './dataset.ts';
import type { WindowPlan } from './windows.ts';

/** Settings of every model of a version, those of all questions first. */
export interface RankerSettings {
  readonly popularity: PopularitySettings;
  readonly own: OwnFrequencySettings;
  readonly neighbours: ItemKnnSettings;
  readonly ease?: EaseSettings;
  /** Weight of one's own habit beside EASE. */
  readonly ownWeight?: number;
  readonly blend?: BlendSettings;
  readonly second?: SecondStageSettings;
}

/** Models that a blend has beside those of all questions, and what it is learned from. */
export interface BlendSettings {
  readonly ease: EaseSettings;
  /** EASE of all times alike: what does not come and go. */
  readonly lasting: EaseSettings;
  readonly users: UserKnnSettings;
  readonly habits: TifuKnnSettings;
  /** By what items say of themselves. */
  readonly content: ContentSettings;
  /** What users wanted then teaches how far to believe models that were trained before. */
  readonly past: WindowPlan;
}

/** What a version is trained from. */
export interface Given {
  readonly data: Dataset;
  readonly settings: RankerSettings;
  /** Its time is the newest of the data. */
  readonly context: TrainingContext;
}
