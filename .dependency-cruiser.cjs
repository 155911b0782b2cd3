// Who may import whom. A folder imports only from the folders listed for it; tests may look anywhere.

const COMPONENT = ['base', 'sim', 'kube', 'cluster', 'metrics'];
const LAYERS = {
  base: [],
  sim: ['base'],
  kube: ['base'],
  catalog: ['base'],
  cluster: ['base', 'kube'],
  metrics: ['base', 'kube', 'cluster'],
  workload: ['base', 'sim', 'kube', 'cluster'],
  scheduler: COMPONENT,
  'control-plane': COMPONENT,
  node: COMPONENT,
  scenario: ['base', 'kube', 'catalog', 'workload'],
  simulator: [...COMPONENT, 'catalog', 'workload', 'scheduler', 'control-plane', 'node', 'scenario'],
  experiment: ['base', 'metrics', 'catalog', 'simulator'],
  report: ['base', 'metrics', 'experiment'],
  conformance: [...COMPONENT, 'scheduler', 'workload', 'scenario', 'simulator'],
};

/** Source files that are no tests. */
const NOT_TESTS = '\\.test\\.ts$|/testing/';
/** Beside plugins and models: the schemas of their settings, which the scenario's schema is put together from. */
const SCHEMAS = '\\.schema\\.ts$';

const layerRules = Object.entries(LAYERS).map(([folder, allowed]) => ({
  name: `layer-${folder}`,
  severity: 'error',
  comment: `src/${folder} imports only from ${[folder, ...allowed].join(', ')}`,
  from: { path: `^src/${folder}/`, pathNot: [NOT_TESTS, ...(folder === 'scenario' ? [] : [SCHEMAS])] },
  to: {
    path: '^src/',
    pathNot: [
      `^src/(${[folder, ...allowed].join('|')})/`,
      ...(folder === 'scenario' ? [SCHEMAS, '^src/scheduler/configuration'] : []),
    ],
  },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'schemas-are-leaves',
      severity: 'error',
      comment: 'A schema brings no component with it: the scenario is put together from them',
      from: { path: SCHEMAS, pathNot: '^src/scenario/' },
      to: {
        path: '^src/',
        pathNot: [SCHEMAS, '^src/(base|kube|sim|workload)/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'node-only-in-cli',
      severity: 'error',
      comment: 'Everything but the command line runs in a browser too',
      from: { path: '^src/', pathNot: ['^src/cli/', NOT_TESTS] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unknown', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: NOT_TESTS },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
