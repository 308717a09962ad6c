import {
  type RankingData,
  type RankingModel,
  type SessionKnnSettings,
  type TransitionsSettings,
  trainPopularity,
  trainSessionKnn,
  trainTransitions,
} from '../models/index.ts';

/** A model with its settings, not trained yet. */
export interface SessionCandidate {
  readonly model: string;
  readonly settings: object;
  train(data: RankingData): RankingModel;
}

/** Values worth trying of each setting; none of it knows any data set. */
type Grid<Settings> = { readonly [Name in keyof Settings]: readonly number[] };

const knnGrid: Grid<SessionKnnSettings> = {
  neighbourCount: [100, 200, 400, 800],
  sessionsPerItem: [1_000, 2_500],
  queryDecay: [0.15, 0.25, 0.4, 0.6, 0.8, 1.1],
  afterDecay: [0, 0.07, 0.15, 0.25, 0.4, 0.6],
  beforeDecay: [0.1, 0.2, 0.3, 0.4, 0.6, 1],
  rarityPower: [0, 1, 2, 3, 4, 6],
  lengthPower: [0, 0.25, 0.5, 0.75],
  nearnessPower: [0.7, 1, 1.5, 2],
  ageDecay: [0, 0.3, 0.6, 1, 2],
  ownBoost: [0.7, 1, 1.5, 2, 3, 5, 8],
};

const transitionsGrid: Grid<TransitionsSettings> = {
  stepsMax: [1, 3, 5, 10, 15],
  stepDecay: [0, 0.1, 0.2, 0.35, 0.5, 0.75, 1],
  backShare: [0.1, 0.2, 0.35, 0.5, 0.75, 1],
  normPower: [0.25, 0.5, 0.75, 1],
  queryDecay: [0.15, 0.25, 0.4, 0.6, 0.8, 1.1, 1.5],
  ageDecay: [0, 0.3, 0.6, 1, 2, 4],
  followersMax: [500],
};

export const popularity: SessionCandidate = {
  model: 'popularity',
  settings: {},
  train: (data) => trainPopularity(data, {}, { nowMs: 0 }),
};

/** A kind of model, and the settings worth trying. */
export interface SettingsSpace<Settings> {
  readonly grid: Grid<Settings>;
  train(this: void, data: RankingData, settings: Settings): RankingModel;
}

export const transitionsSpace: SettingsSpace<TransitionsSettings> = { grid: transitionsGrid, train: trainTransitions };
export const sessionKnnSpace: SettingsSpace<SessionKnnSettings> = { grid: knnGrid, train: trainSessionKnn };

/** Settings drawn evenly from all of the grid. */
export function drawnSettings<Settings>(grid: Grid<Settings>, random: () => number): Settings {
  const entries = Object.entries<readonly number[]>(grid).map(([name, values]) => [
    name,
    values[Math.floor(random() * values.length)]!,
  ]);
  return Object.fromEntries(entries) as Settings;
}

/** One to three of the settings moved to a value beside theirs. */
export function nearSettings<Settings>(settings: Settings, grid: Grid<Settings>, random: () => number): Settings {
  const names = Object.keys(grid) as (keyof Settings)[];
  const moved = { ...settings };
  for (let move = 1 + Math.floor(random() * 3); move > 0; move--) {
    const name = names[Math.floor(random() * names.length)]!;
    const values = grid[name];
    const at = values.indexOf(moved[name] as number) + (random() < 0.5 ? -1 : 1);
    moved[name] = values[Math.min(values.length - 1, Math.max(0, at))] as Settings[keyof Settings];
  }
  return moved;
}
