import type { Installation } from '@upkeep/contract/observations/resolved-package'
import { expect, test } from 'vitest'
import type { NpxCandidate } from './npx-candidate.ts'
import { decideNpx } from './npx-decision.ts'

function copy(where: Installation['where'], version: string | null, used: NpxCandidate['used'] = 'yes'): NpxCandidate {
  const rest = {
    root: '/x',
    cacheKey: null,
    requested: null,
    engines: null,
    digest: null,
    components: [],
    problems: [],
  }
  return { installation: { where, version, ...rest }, used, byCommand: false }
}
const cached = copy('npx-cache', '1.2.0')

test.each<[string, string | null, NpxCandidate[], number | null, string]>([
  ['pinned and cached', '1.2.0', [cached], 0, 'pinned, and 1.2.0 is cached'],
  ['pinned with a v', 'v1.2.0', [cached], 0, 'pinned'],
  ['pinned, other cached', '1.2.1', [cached], null, 'holds 1.2.0'],
  ['pinned, cached copy without version', '1.2.0', [copy('npx-cache', null)], null, 'unknown version'],
  ['pinned, nothing', '1.2.0', [], null, 'would be fetched'],
  ['name alone', null, [cached], null, 'runs only if it is that one'],
  ['name alone, nothing', null, [], null, 'no cached copy'],
  ['any', '*', [cached], 0, 'any version will do'],
  ['range, cached fits', '^1.0.0', [cached], null, 'newest version in the range'],
  ['range, local fits', '^1.0.0', [copy('local', '1.0.1'), cached], 0, 'own copy 1.0.1'],
  ['range, local does not fit', '^2.0.0', [copy('local', '1.0.1')], null, 'registry decides'],
  ['tag', 'latest', [copy('local', '1.0.1'), cached], null, '1.2.0 is cached'],
  ['tag, nothing', 'beta', [], null, 'no copy is cached'],
  ['address', 'github:a/b', [cached], null, 'address or folder'],
  ['local before global', null, [copy('local', '1.0.0'), copy('global', '1.0.0')], 0, 'own copy'],
  ['global before cache', '1.2.0', [copy('global', '1.2.0'), cached], 0, 'global copy'],
  ['global of another version', '1.2.0', [copy('global', '1.0.0'), cached], 1, 'pinned'],
  ['global of an unused tree', null, [copy('global', '1.0.0', 'no')], null, 'no cached copy'],
  ['global of one of several npm', '1.2.0', [copy('global', '1.2.0', 'maybe'), cached], null, 'several npm'],
])('%s', (_what, requested, candidates, wouldRun, why) => {
  const launch = { name: 'srv', requested, packages: [] }
  const decision = decideNpx(launch, candidates, { path: '/x', assumed: false })
  expect(decision.wouldRun).toBe(wouldRun)
  expect(decision.why).toContain(why)
})

test('where the client starts is said to be assumed when the entry does not say', () => {
  const launch = { name: 'srv', requested: null, packages: [] }
  expect(decideNpx(launch, [copy('local', '1.0.0')], { path: '/x', assumed: true }).why).toContain(
    'if the client starts',
  )
})
