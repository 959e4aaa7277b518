import { describe, expect, test } from 'vitest'
import { chooseVersion } from './choose-version.ts'
import { judgeDates } from './published-dates.ts'
import { type OfferedVersion, type PackageAdvisory, rankCandidates } from './rank-candidates.ts'

const day = (date: string) => `${date}T10:00:00.000Z`
const failed = { state: 'failed', why: 'it does not fit' } as const
const verified = { state: 'verified', why: 'built by acme' } as const
const hole: PackageAdvisory = {
  id: 'A',
  affected: [{ ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.2.0' }] }], versions: [] }],
}
const later: PackageAdvisory = {
  id: 'B',
  affected: [
    { ranges: [{ type: 'SEMVER', events: [{ introduced: '1.3.0' }, { fixed: '1.4.0' }] }], versions: [] },
    { ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.1.0' }] }], versions: [] },
  ],
}

function offered(version: string, more: Partial<OfferedVersion> = {}): OfferedVersion {
  return { version, engines: null, deprecated: false, ...more }
}

function rank(versions: OfferedVersion[], advisories = [hole], minimumAge?: { days: number; at: string }) {
  const offer = { state: 'listed', versions, latest: null } as const
  return rankCandidates({ ecosystem: 'npm', current: '1.0.0', advisories, offer, minimumAge })
}
const order = (versions: OfferedVersion[], ...rest: [PackageAdvisory[]?, { days: number; at: string }?]) =>
  rank([offered('1.0.0'), ...versions], ...rest).map((one) => one.version)

describe('what comes first', () => {
  test.each<[string, OfferedVersion[], string[]]>([
    ['the smallest step', [offered('1.4.0'), offered('1.2.0'), offered('2.0.0')], ['1.2.0', '1.4.0', '2.0.0']],
    ['not a deprecated one', [offered('1.2.0', { deprecated: true }), offered('1.4.0')], ['1.4.0', '1.2.0']],
    ['one on the present runtime', [offered('1.2.0', { engines: '>=24' }), offered('1.4.0')], ['1.4.0', '1.2.0']],
    ['one without new scripts', [offered('1.2.0', { installScripts: true }), offered('1.4.0')], ['1.4.0', '1.2.0']],
    [
      'one that nothing forbids, even where it closes less',
      [offered('1.2.0', { provenance: failed }), offered('1.4.0', { signature: failed }), offered('2.0.0')],
      ['2.0.0', '1.2.0', '1.4.0'],
    ],
    ['what closes nothing is none', [offered('1.1.0')], []],
    ['a prerelease is none', [offered('1.2.0-rc.1')], []],
  ])('%s', (_name, versions, expected) => {
    expect(order(versions)).toEqual(expected)
  })

  test('what closes all, before a smaller step that opens another', () => {
    expect(order([offered('1.3.0'), offered('1.4.0')], [hole, later])).toEqual(['1.4.0', '1.3.0'])
  })

  test('scripts that run already are nothing new', () => {
    const versions = [offered('1.0.0', { installScripts: true }), offered('1.2.0', { installScripts: true })]
    expect(rank(versions)[0]).toMatchObject({ installScripts: true, addsInstallScripts: false })
  })
})

describe('where it is from', () => {
  const present = offered('1.0.0', { provenance: verified })
  const unsigned = offered('1.2.0')
  const built = offered('1.4.0', { provenance: verified, signature: verified })

  test('a version of verified origin before one that loses it', () => {
    expect(rank([present, unsigned, built]).map((one) => [one.version, one.losesProvenance])).toEqual([
      ['1.4.0', false],
      ['1.2.0', true],
    ])
  })

  test('where the present version has none either, the smallest step', () => {
    expect(rank([offered('1.0.0'), unsigned, built]).map((one) => one.version)).toEqual(['1.2.0', '1.4.0'])
  })

  test('what does not hold blocks, says why, and is never the step', () => {
    const bad = offered('1.2.0', { signature: failed })
    const [only] = rank([present, bad])
    expect(only).toMatchObject({ blocked: 'it does not fit', signature: failed, provenance: { state: 'unavailable' } })
    const offer = { state: 'listed', versions: [present, bad], latest: null } as const
    const choice = chooseVersion({ ecosystem: 'npm', current: '1.0.0', advisories: [hole], offer })
    expect(choice.step).toBeNull()
    expect(choice.open).toEqual([{ id: 'A', fixedIn: ['1.2.0'], obtainable: ['1.2.0'] }])
  })

  test('what tools it would offer is not known', () => {
    expect(rank([present, built])[0]?.toolSurface).toBe('not known')
  })
})

describe('how old it is', () => {
  const now = { days: 7, at: day('2026-11-22') }
  const dated = [
    offered('1.0.0', { publishedAt: day('2026-01-01') }),
    offered('1.2.0', { publishedAt: day('2026-11-21') }),
    offered('1.2.1', { publishedAt: day('2026-10-01') }),
  ]

  test('a version younger than it should be comes after one that is old enough', () => {
    expect(rank(dated, [hole], now).map((one) => [one.version, one.tooYoung])).toEqual([
      ['1.2.1', false],
      ['1.2.0', true],
    ])
  })

  test('with dates that cannot be believed nothing is said of age', () => {
    const copied = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'].map((version) =>
      offered(version, { publishedAt: day('2026-11-21') }),
    )
    const [first] = rank(copied, [hole], now)
    expect(first).toMatchObject({ version: '1.2.0', tooYoung: null, dates: { trusted: false } })
  })
})

test('a signature that nobody looked at is not called verified either', () => {
  const { signature } = rank([offered('1.0.0'), offered('1.2.0', { signed: true })])[0] ?? {}
  expect(signature).toEqual({ state: 'unavailable', why: expect.stringContaining('not looked at') })
})

test('provenance is never called verified for what a registry merely carries', () => {
  const state = (attested: boolean | undefined) =>
    rank([offered('1.0.0'), offered('1.2.0', { attested })])[0]?.provenance
  expect(state(true)).toEqual({ state: 'unavailable', why: expect.stringContaining('not looked at') })
  expect(state(false)).toEqual({ state: 'unavailable', why: expect.stringContaining('carries no attestation') })
  expect(state(undefined)).toEqual({ state: 'unavailable', why: expect.stringContaining('does not say') })
})

describe('dates of publication', () => {
  const months = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01', '2026-06-01']
  const line = (dates: readonly string[], first = 1) =>
    dates.map((date, index) => ({ version: `1.${index + first}.0`, publishedAt: day(date) }))

  test.each([
    ['one after the other', line(months)],
    ['with a fix for an old line between', [...line(months), { version: '1.2.1', publishedAt: day('2026-06-15') }]],
    ['a dated version of its own day', [{ version: '2025.3.28', publishedAt: day('2025-03-28') }]],
    ['two of one hour prove nothing', [...line(['2026-01-01', '2026-01-01'])]],
  ])('are believed: %s', (_name, versions) => {
    expect(judgeDates('npm', versions)).toEqual({ trusted: true })
  })

  test.each([
    ['none', [{ version: '1.0.0', publishedAt: null }], 'no date of publication'],
    [
      'a mirror that copied late',
      [{ version: '2025.3.28', publishedAt: day('2026-11-02') }],
      '2025.3.28 is of 2026-11-02',
    ],
    ['all of one hour', line(Array.from({ length: 5 }, () => '2026-11-02')), '5 of 5 versions'],
    ['the wrong way round', line([...months].reverse()), 'later versions are said to be older'],
  ])('are not believed: %s', (_name, versions, why) => {
    expect(judgeDates('npm', versions)).toMatchObject({ trusted: false, why: expect.stringContaining(why) })
  })
})
