import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { cruiseOptions, forbidden } from './border-rules.ts';

export interface Borders {
  /** TypeScript modules of the project that were read. */
  readonly moduleCount: number;
  readonly importCount: number;
  /** `rule: from → to`. */
  readonly violations: readonly string[];
}

/** Reads every import of the project and holds it against the rules in `.dependency-cruiser.mjs`. */
export async function readBorders(): Promise<Borders> {
  const { output } = await cruise(
    ['packages', 'services', 'store', 'examples'],
    { ...cruiseOptions, validate: true, ruleSet: { forbidden } },
    undefined,
    { tsConfig: extractTSConfig('tsconfig.json') },
  );
  const { modules, summary } = output as ICruiseResult;
  return {
    moduleCount: modules.filter(({ source }) => /^(packages|services|store|examples)\/.*\.tsx?$/.test(source)).length,
    importCount: summary.totalDependenciesCruised ?? 0,
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  };
}
