// The floors of ARCHITECTURE.md, section "Floors". Each rule says why. There is no list of known violations, and there will be none.

const tests = '\\.test\\.ts$|/testing/|/type-level/|/fixtures/'
const node = { dependencyTypes: ['core'] }
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
const outside = (folder, ...allowed) => ({
  path: '^[a-z]+/',
  dependencyTypesNot: ['core'],
  pathNot: `^(${[folder, ...allowed].join('|')})/`,
})

const floors = [
  rule(
    'contract-knows-only-zod',
    'The nouns stand on nothing, so that anyone can build on them.',
    { path: '^contract/', pathNot: tests },
    outside('contract', 'node_modules/zod'),
  ),
  rule(
    'domain-is-pure',
    'Knowledge that both sides use must run anywhere and be tested without a world.',
    { path: '^domain/', pathNot: tests },
    outside('domain', 'contract', 'node_modules'),
  ),
  rule(
    'pure-code-has-no-world',
    'A pure function that can read a file is not pure.',
    { path: '^(contract|domain|duties)/', pathNot: tests },
    node,
  ),
  ...['duties', 'collectors', 'probes', 'packs', 'remediations'].map((floor) =>
    rule(
      `${floor}-know-only-contract-and-domain`,
      'A unit that knows the engine or another kind of unit cannot be tested, shared or replaced alone.',
      { path: `^${floor}/`, pathNot: tests },
      outside(floor, 'contract', 'domain', 'node_modules'),
    ),
  ),
  ...['duties', 'collectors', 'probes', 'remediations'].map((floor) =>
    rule(
      `${floor}-do-not-know-a-neighbour`,
      'One unit, one folder: what two units share belongs to domain.',
      { path: `^${floor}/([^/]+)/`, pathNot: tests },
      { path: `^${floor}/[^/]+/`, pathNot: `^${floor}/$1/` },
    ),
  ),
  rule(
    'engine-knows-no-catalog',
    'The engine drives whatever units it is handed; naming one would make it part of the engine.',
    { path: '^engine/', pathNot: tests },
    outside('engine', 'contract', 'domain', 'node_modules'),
  ),
  rule(
    'nobody-knows-the-lab',
    'Practice servers, benchmarks and generators are outside the product.',
    { path: '^(contract|domain|duties|collectors|probes|packs|engine|app|verify)/', pathNot: tests },
    { path: '^(lab|bench|tools)/' },
  ),
  rule(
    'verify-knows-nothing',
    'An auditor reads one file.',
    { path: '^verify/', pathNot: tests },
    { path: '^(?!verify/)', dependencyTypesNot: ['core'] },
  ),
  rule(
    'console-knows-only-the-api',
    'What runs in a browser sees what anybody sees over HTTP.',
    // How it is built runs elsewhere.
    { path: '^console/', pathNot: `${tests}|^console/vite\\.config\\.ts$` },
    { path: '^(?!console/)', dependencyTypesNot: ['npm', 'npm-dev'], pathNot: 'node_modules' },
  ),
  rule('product-does-not-import-tests', 'A test is not a library.', { pathNot: tests }, { path: '\\.test\\.ts$' }),
]

const stages = 'schedule|collect|baseline|history|intel|assess|change|vault|events|people|notify|evidence|report'
const inside = [
  rule(
    'stages-do-not-call-each-other',
    'Stages talk through records: each reads what an earlier one stored. Only the pipeline sees two of them.',
    { path: `^engine/(${stages})/`, pathNot: tests },
    { path: `^engine/(${stages})/`, pathNot: '^engine/$1/' },
  ),
  rule(
    'stages-are-driven',
    'The pipeline drives the stages; a stage that calls it back makes a circle.',
    { path: '^engine/[a-z]+/', pathNot: tests },
    { path: '^engine/[a-z-]+\\.ts$' },
  ),
  rule(
    'the-world-is-behind-ports',
    'Only ports, the store and the keeper of keys touch files, network or processes: one place to audit.',
    {
      path: '^(engine/(schedule|collect|baseline|history|assess|people|notify|report)|collectors|probes)/',
      pathNot: tests,
    },
    { path: '^(node:)?(fs|fs/promises|net|tls|http|https|http2|dgram|child_process|worker_threads|os)$' },
  ),
  rule(
    'kernel-is-the-ground',
    'What everything stands on stands on nothing of the engine.',
    { path: '^engine/kernel/', pathNot: tests },
    { path: '^engine/', pathNot: '^engine/kernel/' },
  ),
  rule(
    'ports-and-store-are-below-stages',
    'Hands do not know what they are used for.',
    { path: '^engine/(ports|store|sandbox)/', pathNot: tests },
    { path: '^engine/', pathNot: '^engine/(kernel|$1|store|ports)/' },
  ),
]

// biome-ignore lint/style/noDefaultExport: dependency-cruiser reads the default export.
export default {
  forbidden: [
    rule('no-circular', 'A circle is one unit that pretends to be two.', {}, { circular: true }),
    rule(
      'no-orphans',
      'What nothing uses is deleted.',
      {
        orphan: true,
        pathNot: `${tests}|\\.d\\.ts$|\\.config\\.ts$|^(tools|bench|lab|app/(cli|bin)|verify|console|contract/type-level)/|\\.mjs$`,
      },
      {},
    ),
    ...floors,
    ...inside,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
}
