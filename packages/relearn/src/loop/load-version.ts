import { createHash } from 'node:crypto';
import { ArtifactDamaged, ArtifactMissing, type Artifacts } from '../artifacts/index.ts';
import type { Champion } from './ai.ts';
import { schemasOf } from './ai-contract.ts';
import type { AnyDefinition } from './definition.ts';
import { type GoldenPrediction, isSameAnswer } from './golden.ts';
import type { Model, Trial } from './model.ts';
import type { VersionRecord } from './version.ts';

/** Thrown when a version fails a check; its sentence says which. */
export class VersionRefused extends Error {
  override readonly name = 'VersionRefused';
}

/**
 * Loads a version beside the one that answers: its trial, format and schemas must be this code's, its bytes whole, and its answers
 * to the golden inputs those it gave when it was trained.
 *
 * @throws VersionRefused naming the check that failed.
 */
export async function loadVersion(
  definition: AnyDefinition,
  artifacts: Artifacts,
  { record, golden }: { record: VersionRecord; golden: readonly GoldenPrediction[] },
): Promise<Champion> {
  const trial = trialOf(definition, record);
  if (record.schemaHash !== schemaHashOf(definition)) {
    throw new VersionRefused("Its features or output are not of this code's schemas; train again.");
  }
  const model = decoded(trial, await bytesOf(artifacts, record.artifact));
  checkGolden(model, golden);
  return { version: record.id, model, trial: record.trial, trainedAtMs: record.trainedAtMs };
}

/** SHA-256 of the features' and output's schemas. */
export function schemaHashOf(definition: AnyDefinition): string {
  const text = JSON.stringify([schemasOf(definition).features, definition.output]);
  return createHash('sha256').update(text).digest('hex');
}

function trialOf({ trials }: AnyDefinition, { trial: name, format }: VersionRecord): Trial {
  const trial = trials.find((one: Trial) => one.name === name) ?? trials.find((one: Trial) => one.format === format);
  if (trial === undefined) throw new VersionRefused(`This code knows no trial ${name} and no format ${format}.`);
  if (trial.format !== format) {
    throw new VersionRefused(`Its format is ${format}, and this code reads ${trial.format} for ${name}.`);
  }
  return trial;
}

async function bytesOf(artifacts: Artifacts, hash: string): Promise<Uint8Array> {
  try {
    return await artifacts.get(hash);
  } catch (error) {
    if (!(error instanceof ArtifactMissing || error instanceof ArtifactDamaged)) throw error;
    throw new VersionRefused(error.message, { cause: error });
  }
}

function decoded(trial: Trial, bytes: Uint8Array): Model {
  try {
    return trial.decode(bytes);
  } catch (error) {
    throw new VersionRefused(`Its bytes are not ${trial.format}: ${(error as Error).message}`, { cause: error });
  }
}

function checkGolden(model: Model, golden: readonly GoldenPrediction[]): void {
  for (const [index, { features, output }] of golden.entries()) {
    if (!isSameAnswer(answer(model, features), output)) {
      throw new VersionRefused(
        `Its answer to golden input ${index + 1} of ${golden.length} is not the one it was trained with.`,
      );
    }
  }
}

function answer(model: Model, features: unknown): unknown {
  try {
    return model.predict(features);
  } catch (error) {
    throw new VersionRefused(`It fails on a golden input: ${(error as Error).message}`, { cause: error });
  }
}
