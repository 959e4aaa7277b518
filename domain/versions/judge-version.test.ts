import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AffectedRange } from './affected-range.ts'
import { type AffectedVersions, fixesNamed, judgeVersion } from './judge-version.ts'
import { plainOrder } from './version-order.ts'

type Event = AffectedRange['events'][number]

function ranges(...lists: Event[][]): AffectedVersions[] {
  return lists.map((events) => ({ ranges: [{ type: 'SEMVER', events }], versions: [] }))
}

const pathEscape = ranges(
  [{ introduced: '0' }, { lastAffected: '0.6.2' }],
  [{ introduced: '2025.1.14' }, { fixed: '2025.7.1' }],
)
const firstEdition = ranges(
  [{ introduced: '1.0.0' }, { fixed: '2.0.1' }],
  [{ introduced: '0' }, { lastAffected: '2026.8.31' }],
)
const secondEdition = ranges(
  [{ introduced: '0' }, { fixed: '2.4.0' }],
  [{ introduced: '2025.1.14' }, { lastAffected: '2026.8.31' }],
)
const oneList = ranges([
  { fixed: '2.4.0' },
  { lastAffected: '2026.8.31' },
  { introduced: '2025.1.14' },
  { introduced: '0' },
])
const numberedOnly = ranges([{ introduced: '0' }, { lastAffected: '0.6.2' }])
const datedOnly = ranges([{ introduced: '2025.1.14' }, { fixed: '2025.7.1' }])
const datedFromStart = ranges([{ introduced: '0' }, { fixed: '2025.7.1' }])
const across = ranges([{ introduced: '1.0.0' }, { fixed: '2025.7.1' }])
const backAcross = ranges([{ introduced: '2025.1.14' }, { fixed: '2.0.1' }])
const listOnly: AffectedVersions[] = [{ ranges: [], versions: ['1.0.16', '1.0.17'] }]
const listAndRange: AffectedVersions[] = [{ ranges: datedOnly[0]?.ranges ?? [], versions: ['0.6.1', '0.6.2'] }]

describe('two lines of versions in one package', () => {
  test.each([
    ['CVE-2025-53109', pathEscape, '2025.3.28', 'affected'],
    ['CVE-2025-53109', pathEscape, '2025.1.14', 'affected'],
    ['CVE-2025-53109', pathEscape, '2025.7.1', 'clear'],
    ['CVE-2025-53109', pathEscape, '2026.8.31', 'clear'],
    ['CVE-2025-53109', pathEscape, '0.6.2', 'affected'],
    ['CVE-2025-53109', pathEscape, '0.6.3', 'clear'],
    ['CVE-2025-53109', pathEscape, '2.0.1', 'clear'],
    ['first edition', firstEdition, '0.6.2', 'clear'],
    ['first edition', firstEdition, '1.0.0', 'affected'],
    ['first edition', firstEdition, '2.0.0', 'affected'],
    ['first edition', firstEdition, '2.0.1', 'clear'],
    ['first edition', firstEdition, '2026.8.31', 'affected'],
    ['first edition', firstEdition, '2026.9.1', 'clear'],
    ['second edition', secondEdition, '2.0.1', 'affected'],
    ['second edition', secondEdition, '2.4.0', 'clear'],
    ['second edition', secondEdition, '2026.8.31', 'affected'],
    ['one unsorted list', oneList, '2.0.1', 'affected'],
    ['one unsorted list', oneList, '2.4.0', 'clear'],
    ['one unsorted list', oneList, '2024.12.1', 'clear'],
    ['one unsorted list', oneList, '2025.3.28', 'affected'],
    ['one unsorted list', oneList, '2026.9.1', 'clear'],
    ['the other line is not spoken of', numberedOnly, '2.0.1', 'clear'],
    ['the other line is not spoken of', numberedOnly, '2025.3.28', 'unknown'],
    ['the other line is not spoken of', datedOnly, '2.0.1', 'unknown'],
    ['the other line is not spoken of', datedFromStart, '2.0.1', 'unknown'],
    ['one range over both lines', across, '0.9.0', 'clear'],
    ['one range over both lines', across, '1.5.0', 'affected'],
    ['one range over both lines', across, '2025.3.28', 'unknown'],
    ['one range over both lines', across, '2025.7.1', 'clear'],
    ['one range back over both lines', backAcross, '2025.3.28', 'affected'],
    ['one range back over both lines', backAcross, '1.9.9', 'unknown'],
    ['one range back over both lines', backAcross, '2.0.1', 'clear'],
    ['the list names the other line', listAndRange, '0.6.2', 'affected'],
    ['the list names the other line', listAndRange, '2.0.1', 'clear'],
  ] as const)('%s: %$', (_name, affected, version, state) => {
    expect(judgeVersion('npm', version, affected)).toMatchObject({ state })
  })
})

describe('one line of versions: OSV as its schema has it', () => {
  const twice = ranges([{ fixed: '2.3.1' }, { introduced: '2.0.0' }, { introduced: '0' }, { fixed: '1.4.2' }])
  const limited = ranges([{ introduced: '1.0.0' }, { limit: '1.5.0' }])
  const touching = ranges([{ introduced: '1.0.0' }, { fixed: '2.0.0' }, { introduced: '2.0.0' }, { fixed: '3.0.0' }])
  const single = ranges([{ introduced: '1.0.0' }, { lastAffected: '1.0.0' }])
  test.each([
    ['unsorted events', twice, '1.0.0', 'affected'],
    ['unsorted events', twice, '1.4.2', 'clear'],
    ['unsorted events', twice, '2.3.0', 'affected'],
    ['unsorted events', twice, '2.3.1', 'clear'],
    ['a prerelease of the fix', twice, '2.3.1-rc.1', 'affected'],
    ['limit', limited, '1.4.9', 'affected'],
    ['limit', limited, '1.5.0', 'clear'],
    ['fixed and introduced at once', touching, '2.0.0', 'affected'],
    ['introduced and last affected at once', single, '1.0.0', 'affected'],
    ['introduced and last affected at once', single, '1.0.1', 'clear'],
    ['everything', ranges([{ introduced: '0' }]), '2025.3.28', 'affected'],
    ['everything', ranges([{ introduced: '0' }, { limit: '*' }]), '1.0.0', 'affected'],
    ['by name only', listOnly, '1.0.16', 'affected'],
    ['by name only', listOnly, 'v1.0.17', 'affected'],
    ['by name only', listOnly, '1.0.15', 'clear'],
    ['short versions in the record', ranges([{ introduced: '1' }, { fixed: '1.4' }]), '1.3.9', 'affected'],
    ['short versions in the record', ranges([{ introduced: '1' }, { fixed: '1.4' }]), '1.4.0', 'clear'],
    ['a version that cannot be ordered', twice, 'latest', 'unknown'],
    ['an event that cannot be ordered', ranges([{ introduced: '0' }, { fixed: 'r77' }]), '1.0.0', 'unknown'],
    ['nothing named', [{ ranges: [], versions: [] }], '1.0.0', 'unknown'],
    ['commits only', [{ ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }], versions: [] }], '1.0.0', 'unknown'],
  ] as const)('%s: %$', (_name, affected, version, state) => {
    expect(judgeVersion('npm', version, affected)).toMatchObject({ state })
  })

  test('PyPI has one line, epochs included', () => {
    const dated = ranges([{ introduced: '0' }, { fixed: '2023.7.22' }])
    expect(judgeVersion('PyPI', '14.5.14', dated).state).toBe('affected')
    expect(judgeVersion('PyPI', '2023.07.22', dated).state).toBe('clear')
    expect(judgeVersion('PyPI', '1!1.0', dated).state).toBe('clear')
    expect(judgeVersion('PyPI', '2023.7.22rc1', dated).state).toBe('affected')
  })

  test('the versions named as fixed', () => {
    expect(fixesNamed([...firstEdition, ...pathEscape])).toEqual(['2.0.1', '2025.7.1'])
  })
})

const numbered = fc.tuple(fc.nat(60), fc.nat(30), fc.nat(30)).map((parts) => parts.join('.'))
const dated = fc
  .tuple(fc.integer({ min: 2024, max: 2030 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map((parts) => parts.join('.'))

describe('properties', () => {
  test('within one line, [introduced, fixed) is what plain order says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(numbered, numbered, numbered), fc.tuple(dated, dated, dated)), ([low, high, v]) => {
        fc.pre((plainOrder('npm', low, high) ?? 0) < 0)
        const inside = (plainOrder('npm', v, low) ?? 0) >= 0 && (plainOrder('npm', v, high) ?? 0) < 0
        const judged = judgeVersion('npm', v, ranges([{ introduced: low }, { fixed: high }]))
        expect(judged.state).toBe(inside ? 'affected' : 'clear')
      }),
    )
  })

  test('the order in which events are listed changes nothing', () => {
    const events: Event[] = [...(oneList[0]?.ranges[0]?.events ?? [])]
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: 4 }), fc.oneof(numbered, dated), (shuffled, version) => {
        expect(judgeVersion('npm', version, ranges(shuffled))).toEqual(judgeVersion('npm', version, oneList))
      }),
    )
  })

  test('no version of one line is ever affected or clear by a range of the other', () => {
    fc.assert(
      fc.property(numbered, dated, dated, (version, low, high) => {
        expect(judgeVersion('npm', version, ranges([{ introduced: low }, { fixed: high }])).state).toBe('unknown')
      }),
    )
  })
})
