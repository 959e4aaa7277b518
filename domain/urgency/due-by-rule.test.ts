import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Facts, Seen } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import { declared, npx } from '../advisories/testing/given.ts'
import { dueByRule, soonestFirst } from './due-by-rule.ts'
import { readUrgencyTable } from './read-urgency-table.ts'
import { exposureOf } from './server-exposure.ts'
import { inputsOf } from './urgency-inputs.ts'

const table = readUrgencyTable(readFileSync(join(import.meta.dirname, '../../packs/urgency/table.json'), 'utf8'))
type Exploitation = Facts<'advisories'>['records'][number]['exploitation']
const nothing: Exploitation = { kev: null, epss: null, ssvc: null, stale: [] }
const listed = (dateAdded: string | null) => ({ listed: true, dateAdded, dueDate: null, ransomware: null })
const unlisted = { listed: false, dateAdded: null, dueDate: null, ransomware: null }
const since = '2026-11-22T09:00:00.000Z'
const client = { value: 'client', assumed: false, why: 'only the client that starts it can reach it' } as const

function due(
  exploitation: Partial<Exploitation>,
  severity: 'high' | 'medium' | 'unknown' = 'high',
  id = 'CVE-2026-1234',
) {
  if (typeof table === 'string') throw new Error(table)
  const advisory = inputsOf({ id, aliases: [], exploitation: { ...nothing, ...exploitation }, severity })
  return dueByRule({ table, advisory, exposure: client, since })
}

describe('what is not known is taken at its worse value, and said', () => {
  test('nothing known at all', () => {
    const result = due({}, 'unknown')
    expect(result.due.at).toBe('2026-11-25T09:00:00.000Z')
    expect(result.assumed).toHaveLength(3)
    expect(result.evidenceFirst).toBe(false)
    expect(result.due.why).not.toContain('traces')
    expect(result.due.why).toContain('taken as exploited: no list of the exploited at hand')
    expect(result.due.why).toContain('taken as one whose use can be automated')
    expect(result.due.why).toContain('taken as giving total control')
  })

  // By hand, for a server that only its client reaches: not exploited, automatable, total is row 16, 60 days; partial the same.
  test.each([
    ['high', '2027-01-21'],
    ['medium', '2027-01-21'],
  ] as const)(
    'without a CVE no list can name it: severity %s is due by the row of what is not exploited',
    (severity, day) => {
      const { due: one, assumed, evidenceFirst } = due({ kev: null }, severity, 'UPKEEP-2026-0001')
      expect(one.at?.slice(0, 10)).toBe(day)
      expect(one.why).toContain('it has no CVE, and the list of the exploited names CVEs only')
      expect(one.why).not.toContain('at hand')
      expect([assumed.length, evidenceFirst]).toEqual([2, false])
    },
  )

  test("CISA's decision points count without a CVE too", () => {
    const ssvc = { exploitation: 'active', automatable: 'no', technicalImpact: 'partial' } as const
    expect(due({ ssvc }, 'high', 'UPKEEP-2026-0001').due.why).toContain('known to be exploited')
  })

  test('a list that is too old says nothing', () => {
    expect(due({ stale: ['kev'] }).due.why).toContain('taken as exploited: the list is too old')
  })

  test.each([
    ['medium', 'partial'],
    ['high', 'total'],
  ] as const)('severity %s stands for %s control', (severity, impact) => {
    const input = inputsOf({ id: 'CVE-2026-1234', aliases: [], exploitation: nothing, severity }).impact
    expect(input).toMatchObject({
      value: impact,
      assumed: false,
      why: expect.stringContaining(`by its severity ${severity}`),
    })
  })

  test('a list in date, and decision points, are taken as they are', () => {
    const ssvc = { exploitation: 'poc', automatable: 'no', technicalImpact: 'total' } as const
    const result = due({ kev: unlisted, ssvc }, 'unknown')
    expect(result).toMatchObject({ assumed: [], due: { at: null } })
    expect(result.due.why).toContain('with the next upgrade, by row')
    expect(due({ kev: null, ssvc }).assumed).toEqual([])
    expect(due({ kev: unlisted, ssvc: { ...ssvc, exploitation: 'active' } }).due.why).toContain('known to be exploited')
  })
})

describe('from when it counts', () => {
  const ssvc = { exploitation: 'none', automatable: 'yes', technicalImpact: 'total' } as const
  test.each([
    ['listed long before it was known here: from when it was known', { kev: listed('2025-01-01'), ssvc }, '2026-11-25'],
    ['listed after: from its listing', { kev: listed('2026-12-01'), ssvc }, '2026-12-04'],
    ['listed so late that the old date comes first', { kev: listed('2027-01-20'), ssvc }, '2027-01-21'],
    ['listed without a day', { kev: listed(null), ssvc }, '2026-11-25'],
    ['not listed', { kev: unlisted, ssvc }, '2027-01-21'],
  ])('%s', (_name, exploitation, day) => {
    expect(due(exploitation).due.at?.slice(0, 10)).toBe(day)
  })

  test('the reason reads by itself', () => {
    expect(due({ kev: listed('2026-11-20'), ssvc }).due.why).toBe(
      "known to be exploited (on CISA's list since 2026-11-20); only the client that starts it can reach it; its use can be " +
        'automated; it gives total control: 3 days from 2026-11-22; keep traces before you change anything, by row 13 of table ' +
        'upkeep-due-dates version 1',
    )
  })

  test('the next upgrade comes after every day', () => {
    const dates = [{ at: null }, { at: '2027-01-01T00:00:00.000Z' }, { at: '2026-01-01T00:00:00.000Z' }, { at: null }]
    expect(dates.sort(soonestFirst).map((one) => one.at?.slice(0, 4))).toEqual(['2026', '2027', undefined, undefined])
  })
})

describe('from where a server is reached', () => {
  const unseen = { state: 'unavailable', code: 'not-consented', reason: 'not asked' } as const
  const remote = declared({ via: 'remote' }, { transport: 'http', url: 'http://127.0.0.1:8080/mcp' }).facts
  const elsewhere = { ...remote, url: 'https://mcp.example.com/mcp' }
  const listens = (...addresses: [string, boolean][]): Seen<'listener'> => ({
    state: 'seen',
    facts: { port: 8080, addresses: addresses.map(([address, loopback]) => ({ address, loopback, uid: 0 })) },
  })
  const answers = (required: boolean): Seen<'endpoint'> => ({
    state: 'seen',
    facts: {
      url: 'http://127.0.0.1:8080/mcp',
      reachable: true,
      httpStatus: 200,
      eras: [],
      why: '',
      tls: null,
      authentication: { required, scheme: null, resourceMetadata: null },
      latencyMs: { connect: 1, list: null },
    },
  })
  const stdio = npx('mcp-remote', '0.1.15').facts
  test.each([
    ['stdio, nothing listens', stdio, unseen, unseen, 'client', false],
    ['stdio, and yet it listens beyond', stdio, listens(['0.0.0.0', false]), unseen, 'open', true],
    ['loopback only', remote, listens(['127.0.0.1', true]), unseen, 'machine', false],
    [
      'loopback and beyond, no credential',
      remote,
      listens(['127.0.0.1', true], ['::', false]),
      answers(false),
      'open',
      false,
    ],
    ['beyond, with a credential', remote, listens(['::', false]), answers(true), 'guarded', false],
    ['a loopback address, no socket seen', remote, unseen, answers(true), 'guarded', true],
    ['a loopback address, nothing listens now', remote, listens(), answers(false), 'open', true],
    ['elsewhere, with a credential', elsewhere, unseen, answers(true), 'guarded', false],
    ['elsewhere, not asked', elsewhere, unseen, unseen, 'open', true],
    [
      'a name that only starts like loopback',
      { ...remote, url: 'http://127.0.0.1.evil.example/' },
      unseen,
      answers(true),
      'guarded',
      false,
    ],
    ['no way in known', { ...stdio, transport: 'unknown' as const }, unseen, unseen, 'open', true],
  ] as const)('%s', (_name, facts, listener, endpoint, value, assumed) => {
    expect(exposureOf({ declared: facts, listener, endpoint })).toMatchObject({ value, assumed })
  })
})
