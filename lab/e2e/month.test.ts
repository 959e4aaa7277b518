import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sandboxHere } from '../servers/under-test.ts'
import { advisory, type Month, openMonth, passphrase } from './month-estate.ts'
import { verifyAlone } from './product.ts'

const isolates = !('state' in (await sandboxHere()))
const root = join(tmpdir(), `upkeep-month-${process.pid}`)
const config = `{
  // mine, and it stays
  "mcpServers": {
    "notes": { "command": "npx", "args": ["-y", "notes-server@1.0.0"] },
    "crm": { "command": "npx", "args": ["-y", "mcp-remote@0.1.37", "https://crm.example.org/mcp"] }
  }
}
`
const own = `version: 1
profile: team
feeds: { sources: [{ path: feed/osv, maxAgeDays: 3650 }, { path: feed/kev.json, maxAgeDays: 3650 }] }
windows:
  - { name: nights, rrule: 'FREQ=WEEKLY;BYDAY=TU,SA', at: '02:00', zone: Europe/Berlin, duration: PT2H, servers: [notes] }
`
const runs = ['Run this in the sandbox', 'yes'] as const
const approves = [
  ['Approve:', 'yes'],
  ['passphrase', passphrase],
  ['passphrase', passphrase],
] as const
const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'
const ofNotes = advisory('GHSA-aaaa-bbbb-cccc', 'CVE-2026-1001', { name: 'notes-server', fixed: '1.4.0' }, vector)
const ofRemote = advisory('GHSA-dddd-eeee-ffff', 'CVE-2026-1002', { name: 'mcp-remote', fixed: '0.1.38' }, vector)
const elsewhere = 'CVE-2021-44228'

describe.skipIf(!isolates)('the changes of a month, on a simulated clock (needs a sandbox)', () => {
  const file = join(root, '.cursor/mcp.json')
  const now = () => readFileSync(file, 'utf8')
  let month: Month
  beforeAll(async () => {
    month = await openMonth(root, config, own)
    month.publish({ advisories: [], exploited: [elsewhere] })
    await month.at('2026-11-30T08:00:00Z', 'scan')
    expect((await month.at('2026-11-30T08:10:00Z', 'baseline', 'accept', '--reason', 'as it is')).exitCode).toBe(0)
  })
  afterAll(() => month.close())

  test('the 1st: what somebody altered is seen, named with its writer, put back and documented', async () => {
    writeFileSync(file, config.replace('https://crm.', 'https://elsewhere.'))
    const seen = await month.at('2026-12-01T09:00:00Z', 'scan')
    expect(inOneLine(seen.stdout)).toContain('was https://crm.example.org/mcp, is https://elsewhere.example.org/mcp')
    const shown = inOneLine((await month.at('2026-12-01T09:05:00Z', 'findings', 'crm')).stdout)
    expect(shown).toMatch(/last written by uid \d+ on/)
    expect(shown).toContain('put the approved state back: upkeep fix crm --restore-config')
    const back = await month.atTerminal('2026-12-01T09:10:00Z', ['fix', 'crm', '--restore-config'], approves)
    expect(back.code, back.screen).toBe(0)
    expect(now()).toBe(config)
    const later = inOneLine((await month.at('2026-12-01T10:00:00Z', 'scan')).stdout)
    expect(later).not.toContain('elsewhere')
    expect(later).toMatch(/crm changed: undocumented, uid \d+, .* needs justification by 2026-12-08/)
  })

  test('the 3rd: an advisory is read, and a scan names who has it', async () => {
    month.publish({ advisories: [ofNotes], exploited: [elsewhere] })
    const { stdout } = await month.at('2026-12-03T09:00:00Z', 'scan')
    expect(stdout).toContain('CVE-2026-1001 in notes-server 1.0.0')
  })

  test('the 5th: assessed, tested in the sandbox, approved; it waits for its window', async () => {
    for (const version of ['1.4.0', '1.6.0'])
      await month.at('2026-12-05T08:00:00Z', 'fix', 'notes', '--to', version, '--online', '--plan')
    month.age()
    const words = ['fix', 'notes', '--online']
    const { screen } = await month.atTerminal('2026-12-05T08:10:00Z', words, [runs, ...approves])
    const said = inOneLine(screen)
    expect(said).toContain('+notes-server@1.4.0')
    expect(said).toContain('smallest step that closes GHSA-aaaa-bbbb-cccc')
    expect(said).toContain('8 passed, 0 failed')
    expect(said).toContain('no window is open; the next time is 2026-12-08 01:00 UTC ("nights")')
    await month.at('2026-12-07T09:00:00Z', '--unattended')
    expect(now()).toBe(config)
  })

  test('the 8th: made in its window with nobody at hand, and its findings are seen to be closed', async () => {
    const { stdout } = await month.at('2026-12-08T01:30:00Z', '--unattended')
    expect(now()).toBe(config.replace('notes-server@1.0.0', 'notes-server@1.4.0'))
    expect(stdout).not.toContain('CVE-2026-1001')
  })

  test('the 12th: an update that crashes once it is in place is taken back by itself', async () => {
    const before = now()
    const words = ['fix', 'notes', '--to', '1.6.0']
    const { code, screen } = await month.atTerminal('2026-12-12T01:30:00Z', words, [runs, ...approves])
    expect(code, screen).toBe(1)
    expect(inOneLine(screen)).toContain('notes does not run through its entry as it now stands: it ended with 1')
    expect(now()).toBe(before)
  })

  test('the 20th: it enters the list of the exploited, asks whether it is an emergency, and one word takes it away', async () => {
    month.publish({ advisories: [ofNotes, ofRemote], exploited: [elsewhere, 'CVE-2026-1002'] })
    await month.at('2026-12-20T09:00:00Z', '--unattended')
    expect((await month.at('2026-12-20T09:05:00Z', 'inbox')).stdout).toMatch(/crm +Is it an emergency\?/)
    const words = ['emergency', 'crm', '--reason', 'it is exploited']
    const { code, screen } = await month.atTerminal('2026-12-20T09:10:00Z', words, approves)
    expect(code, screen).toBe(0)
    expect(inOneLine(screen)).toContain('kept before anything was touched: client-config')
    expect(now()).not.toContain('mcp-remote')
    const { stdout } = await month.at('2026-12-22T09:00:00Z', '--unattended')
    expect(inOneLine(stdout)).toContain('was to be reviewed until 2026-12-21T09:10:00.000Z')
  })

  test('the 31st: an outsider counts the month from its pack alone, and the missed days are in it', async () => {
    const at = '2026-12-31T09:00:00Z'
    await month.at(at, '--unattended')
    const pack = join(root, 'december.json')
    expect((await month.at(at, 'evidence', 'export', pack)).exitCode).toBe(0)
    const verified = await verifyAlone(month.place, pack)
    expect(verified.exitCode, verified.stdout).toBe(0)
    const { changes, rounds } = countedFrom(Pack.parse(JSON.parse(readFileSync(pack, 'utf8'))))
    expect(changes.map(({ title, kind, ends }) => [title, kind, ends])).toEqual([
      ['put what declares crm back to what it was at 2026-11-30T08:10:00.000Z', 'normal', 'done'],
      ['set notes to notes-server 1.4.0', 'normal', 'done'],
      ['set notes to notes-server 1.6.0', 'normal', 'rolled-back'],
      ['emergency: crm', 'emergency', 'done'],
    ])
    // From the file of November to the one of today, each change beginning where the one before it ended.
    const made = changes.filter(({ ends }) => ends === 'done')
    expect(made.map(({ before }) => before).slice(1)).toEqual(made.map(({ after }) => after).slice(0, -1))
    expect([made[0]?.after, made.at(-1)?.after]).toEqual([digestOf(config), digestOf(now())])
    const daily = rounds.filter(({ duty, startedAt }) => duty === 'health-checks' && startedAt > '2026-12')
    const days = new Set(
      daily.filter(({ outcome }) => outcome === 'completed').map(({ startedAt }) => startedAt.slice(0, 10)),
    )
    const missed = daily.reduce((sum, { missedPeriods }) => sum + missedPeriods, 0)
    expect([days.size, missed]).toEqual([7, 24])
  })
})

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const FileState = z.object({ digest: z.string() })
const Effect = z.object({ before: FileState, after: FileState })
const Plan = z.object({ change: z.string(), title: z.string(), class: z.string(), effects: z.array(Effect).length(1) })
const Step = z.object({ is: z.string(), change: z.string(), plan: Plan.optional(), outcome: z.string().optional() })
const Round = z.object({ duty: z.string(), outcome: z.string(), startedAt: z.string(), missedPeriods: z.number() })
const Pack = z.object({ records: z.array(z.object({ type: z.string(), record: z.unknown() })) })

/** Counts a month as somebody without the product would: from the JSON of a pack, and nothing besides. */
function countedFrom({ records }: z.infer<typeof Pack>) {
  const of = (type: string) => records.flatMap((one) => (one.type === type ? [one.record] : []))
  const steps = of('change').map((record) => Step.parse(record))
  const changes = steps.flatMap(({ is, plan }) => {
    if (is !== 'proposed' || plan === undefined) return []
    const ends = steps.find((step) => step.change === plan.change && step.is === 'closed')?.outcome ?? 'open'
    const [effect] = plan.effects
    return [{ title: plan.title, kind: plan.class, ends, before: effect?.before.digest, after: effect?.after.digest }]
  })
  return { changes, rounds: of('run').map((record) => Round.parse(record)) }
}
