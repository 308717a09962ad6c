import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser';

const framework = 'packages/relearn/src';

/** Where a folder of the framework may import from, beside itself. */
const mayImport: Record<string, readonly string[]> = {
  statistics: [],
  contract: [],
  store: ['contract', 'bus'],
  bus: ['contract'],
  artifacts: ['contract'],
  service: ['contract', 'store', 'bus', 'artifacts'],
  kernels: [],
  models: ['kernels', 'statistics'],
  choice: ['models', 'statistics'],
  loop: ['contract', 'service', 'store', 'bus', 'artifacts', 'statistics'],
  cli: ['contract', 'service', 'store', 'bus', 'artifacts', 'loop', 'choice', 'statistics'],
  testing: ['contract', 'service', 'store', 'bus', 'artifacts', 'loop', 'models', 'kernels', 'statistics', 'cli'],
};

const folderRules = Object.entries(mayImport).map(
  ([folder, others]): IForbiddenRuleType => ({
    name: `${folder}-imports-only-its-own-layer-and-below`,
    severity: 'error',
    from: { path: `^${framework}/${folder}/`, pathNot: '\\.test\\.ts$' },
    to: { path: `^${framework}/`, pathNot: `^${framework}/(${[folder, ...others].join('|')})/` },
  }),
);

/** A package that one folder alone may know. */
const onlyIn = (name: string, packages: string, folder: string): IForbiddenRuleType => ({
  name,
  severity: 'error',
  from: { path: '^(packages|services|store|examples)/', pathNot: [`^${framework}/${folder}/`, '\\.test\\.tsx?$'] },
  to: { path: `node_modules/(${packages})(/|$)` },
});

/** Who may import whom; `docs/architecture.md` says why. */
export const forbidden: IForbiddenRuleType[] = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'no-unresolved-imports',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: ['^virtual:', '/dist/'] },
  },
  ...folderRules,
  onlyIn('only-service-knows-fastify', 'fastify|@fastify', 'service'),
  onlyIn('only-store-knows-sql-drivers', 'better-sqlite3|pg', 'store'),
  onlyIn('only-bus-knows-nats', 'nats|@nats-io', 'bus'),
  {
    name: 'public-exports-only',
    comment: 'Services, the store and the examples prove that the public exports are enough.',
    severity: 'error',
    from: { path: '^(services|store|examples)/' },
    to: { path: `^${framework}/`, pathNot: `^${framework}/(index|client|models/index|testing/index)\\.ts$` },
  },
  {
    name: 'contract-is-a-service-s-only-face',
    comment: 'Tests, and the processes they start, run real services beside each other; code meets in contracts.',
    severity: 'error',
    from: {
      path: '^(services|store)/([^/]+)/',
      pathNot: '\\.(test|process|fixture)\\.tsx?$|/(screenshots|benchmark)\\.ts$',
    },
    to: { path: '^(services|store)/([^/]+)/', pathNot: ['^$1/$2/', '/contract\\.ts$'] },
  },
];

export const cruiseOptions: ICruiseOptions = {
  doNotFollow: { path: ['node_modules', '/dist/'] },
  exclude: { path: ['/kernels/assembly/', '/dist/'] },
  tsPreCompilationDeps: true,
  tsConfig: { fileName: 'tsconfig.json' },
  combinedDependencies: true,
  enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
};
