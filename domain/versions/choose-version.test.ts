import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AffectedRange } from './affected-range.ts'
import { chooseVersion } from './choose-version.ts'
import { judgeVersion } from './judge-version.ts'
import type { Offer, OfferedVersion, PackageAdvisory } from './rank-candidates.ts'
import { raisesFloor, runtimeFloor } from './runtime-floor.ts'
import { plainOrder } from './version-order.ts'

function advisory(id: string, ...lists: AffectedRange['events'][]): PackageAdvisory {
  return { id, affected: lists.map((events) => ({ ranges: [{ type: 'ECOSYSTEM', events }], versions: [] })) }
}
function offer(latest: string, ...versions: (string | OfferedVersion)[]): Offer {
  return {
    state: 'listed',
    latest,
    versions: versions.map((one) =>
      typeof one === 'string' ? { version: one, engines: null, deprecated: false } : one,
    ),
  }
}

const cve = advisory(
  'GHSA-hc55-p739-j48w',
  [{ introduced: '0' }, { lastAffected: '0.6.2' }],
  [{ introduced: '2025.1.14' }, { fixed: '2025.7.1' }],
)
const first = advisory(
  'UPKEEP-2026-0001',
  [{ introduced: '1.0.0' }, { fixed: '2.0.1' }],
  [{ introduced: '0' }, { lastAffected: '2026.8.31' }],
)
const second = advisory(
  'UPKEEP-2026-0001',
  [{ introduced: '0' }, { fixed: '2.4.0' }],
  [{ introduced: '2025.1.14' }, { lastAffected: '2026.8.31' }],
)
const moved: OfferedVersion = { version: '2.0.1', engines: '>=24', deprecated: false }
const registry = offer('2026.8.31', '0.5.1', '0.6.2', moved, '2025.1.14', '2025.3.28', '2025.7.1', '2026.8.31')
const ask = { ecosystem: 'npm', offer: registry } as const

describe('a package with two lines of versions', () => {
  test('the smallest step in the present line, while it closes everything', () => {
    const { step, open } = chooseVersion({ ...ask, current: '2025.3.28', advisories: [cve] })
    expect(step).toMatchObject({ version: '2025.7.1', changesLineage: false, leaves: [] })
    expect(step?.notLatest).toEqual({ version: '2026.8.31', affectedBy: [] })
    expect(open).toEqual([])
  })

  test('the other line where only it has the fix, and not the affected latest', () => {
    const { step, open } = chooseVersion({ ...ask, current: '2025.3.28', advisories: [cve, first] })
    expect(step).toMatchObject({ version: '2.0.1', changesLineage: true, engines: '>=24', leaves: [] })
    expect(step?.closes).toEqual(['GHSA-hc55-p739-j48w', 'UPKEEP-2026-0001'])
    expect(step?.notLatest).toEqual({ version: '2026.8.31', affectedBy: ['UPKEEP-2026-0001'] })
    expect(open).toEqual([])
  })

  test('a version that a person passed over is no step; the next one is, or none', () => {
    const skipped = new Map([['2025.7.1', 'passed over until 2026-12-01 by ada']])
    const given = { ...ask, current: '2025.3.28', advisories: [cve], skipped }
    const { step, candidates } = chooseVersion(given)
    expect(step?.version).toBe('2026.8.31')
    expect(candidates.filter(({ passedOver }) => passedOver)).toMatchObject([
      { version: '2025.7.1', blocked: 'passed over until 2026-12-01 by ada' },
    ])
    expect(chooseVersion({ ...given, offer: offer('2025.7.1', '2025.3.28', '2025.7.1') }).step).toBeNull()
  })

  test('a version of the other line that no record names as fixed is no step, though it is not affected', () => {
    const old = offer('0.7.0', '0.7.0', '2025.3.28')
    expect(chooseVersion({ ...ask, offer: old, current: '2025.3.28', advisories: [cve, first] }).step).toBeNull()
  })

  test('a fix that the registry does not have is said to be out of reach', () => {
    const { step, open } = chooseVersion({ ...ask, current: '2.0.1', advisories: [cve, second] })
    expect(step).toBeNull()
    expect(open).toEqual([{ id: 'UPKEEP-2026-0001', fixedIn: ['2.4.0'], obtainable: [] }])
  })

  test('what can be closed is closed, and what stays open is named', () => {
    const { step, open } = chooseVersion({ ...ask, current: '2025.3.28', advisories: [cve, second] })
    expect(step).toMatchObject({ version: '2025.7.1', closes: ['GHSA-hc55-p739-j48w'], leaves: ['UPKEEP-2026-0001'] })
    expect(open).toEqual([{ id: 'UPKEEP-2026-0001', fixedIn: ['2.4.0'], obtainable: [] }])
  })

  test('from the oldest numbers the next clean number', () => {
    expect(chooseVersion({ ...ask, current: '0.6.2', advisories: [cve, first] }).step?.version).toBe('2.0.1')
  })
})

describe('a package with one line of versions', () => {
  const low = advisory('A', [{ introduced: '0' }, { fixed: '1.2.0' }])
  const high = advisory('B', [{ introduced: '1.1.0' }, { fixed: '1.4.0' }])
  const later = advisory('C', [{ introduced: '1.4.0' }, { fixed: '1.5.0' }])

  test.each([
    ['both closed at once', [low, high], offer('1.4.0', '1.1.5', '1.2.0', '1.4.0'), '1.4.0', []],
    ['no step into another advisory', [low, high, later], offer('1.5.0', '1.4.0', '1.5.0', '2.0.0'), '1.5.0', []],
    ['never back', [high], offer('1.0.0', '1.0.0', '1.1.5'), undefined, ['B']],
    ['a prerelease is no step', [high], offer('1.4.0', '1.4.0-rc.1', '1.5.0-beta.1'), undefined, ['B']],
    ['the registry does not have it', [low], { state: 'absent' }, undefined, ['A']],
    ['not asked: what the records name', [low, high], { state: 'not-asked' }, '1.4.0', []],
    ['versions that cannot be placed are left out', [low], offer('x', 'x', '1.2.0'), '1.2.0', []],
  ] as const)('%s', (_name, advisories, offered, version, open) => {
    const choice = chooseVersion({ ecosystem: 'npm', current: '1.1.5', advisories, offer: offered })
    expect(choice.step?.version).toBe(version)
    expect(choice.open.map((one) => one.id)).toEqual(open)
    expect(choice.obtainable).toBe(offered.state === 'not-asked' ? 'not-checked' : 'checked')
  })

  test('a fix that the registry has, and that only leads into another advisory, is told apart', () => {
    const trap = advisory('D', [{ introduced: '1.2.0' }])
    const offered = offer('1.3.0', '1.1.5', '1.2.0', '1.3.0')
    const choice = chooseVersion({ ecosystem: 'npm', current: '1.1.5', advisories: [low, trap], offer: offered })
    expect(choice).toMatchObject({ step: null, open: [{ id: 'A', fixedIn: ['1.2.0'], obtainable: ['1.2.0'] }] })
  })

  test('a deprecated version only where there is no other', () => {
    const poor: OfferedVersion = { version: '1.2.0', engines: null, deprecated: true }
    const question = { ecosystem: 'npm', current: '1.0.0', advisories: [low] } as const
    expect(chooseVersion({ ...question, offer: offer('1.3.0', poor, '1.3.0') }).step?.version).toBe('1.3.0')
    expect(chooseVersion({ ...question, offer: offer('1.2.0', poor) }).step).toMatchObject({ deprecated: true })
  })
})

test.each([
  ['>=24', '24.0.0'],
  ['^20.19.0 || >=22.12.0', '20.19.0'],
  ['*', '0.0.0'],
  ['node twenty', null],
  [null, null],
])('the floor of %s is %s', (engines, floor) => {
  expect(runtimeFloor(engines)).toBe(floor)
})

test('a floor is raised only by a higher one', () => {
  expect(raisesFloor(null, '>=24')).toBe(true)
  expect(raisesFloor('>=18', '>=24')).toBe(true)
  expect(raisesFloor('>=24', '>=24')).toBe(false)
  expect(raisesFloor('>=24', null)).toBe(false)
})

test('a step is always on offer, ahead, clear of what it closes, and leaves fewer open than there were', () => {
  const part = fc.nat(4)
  const numbered = fc.tuple(fc.nat(2), part, part).map((parts) => parts.join('.'))
  const dated = fc
    .tuple(fc.integer({ min: 2024, max: 2026 }), fc.integer({ min: 1, max: 4 }), part)
    .map((parts) => parts.join('.'))
  const version = fc.oneof(numbered, dated)
  const pair = fc.oneof(fc.tuple(numbered, numbered), fc.tuple(dated, dated))
  const record = fc.array(pair, { minLength: 1, maxLength: 2 })
  const given = fc.record({
    current: version,
    records: fc.array(record, { minLength: 1, maxLength: 3 }),
    versions: fc.uniqueArray(version, { maxLength: 12 }),
  })
  let steps = 0
  fc.assert(
    fc.property(given, ({ current, records, versions }) => {
      const advisories = records.map((pairs, index) =>
        advisory(`A${index}`, ...pairs.map(([introduced, fixed]) => [{ introduced }, { fixed }])),
      )
      const choice = chooseVersion({ ecosystem: 'npm', current, advisories, offer: offer('', ...versions) })
      if (choice.step === null) return
      steps += 1
      const { version: to, closes, leaves, changesLineage } = choice.step
      const states = advisories.map((one) => ({ id: one.id, state: judgeVersion('npm', to, one.affected).state }))
      const before = advisories.filter((one) => judgeVersion('npm', current, one.affected).state !== 'clear')
      expect(versions).toContain(to)
      expect(leaves).toEqual(states.filter((one) => one.state !== 'clear').map((one) => one.id))
      expect(leaves.length).toBeLessThan(before.length)
      expect(closes.filter((id) => leaves.includes(id))).toEqual([])
      if (!changesLineage) expect(plainOrder('npm', to, current)).toBeGreaterThan(0)
    }),
    { numRuns: 2_000 },
  )
  expect(steps).toBeGreaterThan(50)
})
