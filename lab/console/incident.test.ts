import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Installation } from '../e2e/installation.ts'
import { exportCheckpoint, scan, succeed } from '../e2e/product.ts'
import { type Hook, openHook } from '../servers/webhook.ts'
import { asThePage } from './as-the-page.ts'
import { looksRight } from './console-page.ts'
import { inBrowser } from './in-browser.ts'
import { endTrial, writeIncidentHome } from './incident-home.ts'
import { verifiedInBrowser } from './verified-in-browser.ts'
import { addPasskey } from './virtual-passkey.ts'

let pager: Hook
let agent: string | null = null

type Ask = (name: string, given?: Record<string, unknown>) => ReturnType<Client['callTool']>

async function newToken(installation: Installation): Promise<string> {
  const words = ['token', 'new', 'agent', '--role', 'viewer', '--until', '30d', '--json']
  const { stdout } = await succeed(installation, words, { cwd: installation.home })
  return z.looseObject({ token: z.string() }).parse(JSON.parse(stdout)).token
}

async function prepare(home: string): Promise<void> {
  pager = await openHook()
  writeIncidentHome(home, pager.url)
}

inBrowser('a night and the morning after', prepare, (at) => {
  const cwd = () => ({ cwd: at.served.installation.home })
  const textOf = (file: string) => readFileSync(join(at.served.installation.home, file), 'utf8')
  const steps = () => at.page.getByRole('log', { name: 'Its steps' })
  const order = async (path: string, body: object) => {
    const { status, answer } = await asThePage(at.page, path, body)
    if (status !== 200) throw new Error(JSON.stringify(answer))
    return Object(answer)
  }
  /** What the button of the console gives an auditor, and where it lies. */
  async function downloadPack(name: string): Promise<string> {
    const [download] = await Promise.all([
      at.page.waitForEvent('download'),
      at.page.getByRole('button', { name: 'Download the pack' }).click(),
    ])
    const path = join(at.served.installation.root, name)
    await download.saveAs(path)
    return path
  }

  /** As a program that a person gave a token, over the MCP door of what is served. */
  async function asAgent(questions: (ask: Ask) => Promise<void>): Promise<void> {
    const { installation, origin } = at.served
    agent ??= await newToken(installation)
    const client = new Client({ name: 'night agent', version: '1' })
    const headers = { authorization: `Bearer ${agent}` }
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', origin), { requestInit: { headers } }))
    try {
      await questions((name, given = {}) => client.callTool({ name, arguments: given }))
    } finally {
      await client.close()
    }
  }

  beforeAll(async () => {
    await scan(at.served.installation, [], cwd())
    endTrial(at.served.installation.home)
    await scan(at.served.installation, [], cwd())
    await addPasskey(at.page, at.served.origin)
  })
  afterAll(() => pager?.close())

  test('P4: what was looked at and what was not is told apart; a sample pack is checked in the browser, by no command', async () => {
    await order('attest', training)
    await at.goto('/evidence')
    const row = (duty: string) => at.page.getByRole('row').filter({ hasText: duty })
    await row('vulnerability-scanning')
      .filter({ hasText: /[1-9]\d* fail/ })
      .first()
      .waitFor()
    await row('health-checks')
      .filter({ hasText: /0 fail, [1-9]\d* unknown, 0 pass/ })
      .first()
      .waitFor()
    await at.page.getByLabel('What belongs to').selectOption({ label: 'Vulnerability Scanning' })
    const sample = await downloadPack('sample.json')
    const pack = Pack.parse(JSON.parse(readFileSync(sample, 'utf8')))
    expect(new Set(pack.records.flatMap(({ record }) => Object(record).duty ?? []))).toEqual(
      new Set(['vulnerability-scanning']),
    )
    const { verdict, said } = await verifiedInBrowser(at.page, sample)
    expect([verdict, said]).toEqual(['Valid', expect.stringContaining('are left out, and known by hash alone')])
    await at.goto('/evidence')
    const whole = Pack.parse(JSON.parse(readFileSync(await downloadPack('whole.json'), 'utf8')))
    expect(of(whole, 'attestation').map((one) => Object(one).scope)).toEqual([training.scope])
  })

  test('P9: an agent asks whether it may use the server now, and is told why not', async () => {
    await asAgent(async (ask) => {
      const { structuredContent } = await ask('may-use', { server: 'crm' })
      expect(structuredContent).toMatchObject({ answer: 'no' })
      expect(JSON.stringify(structuredContent)).toContain('mcp-remote')
    })
  })

  test('P8: mcp-remote at three in the morning: who has it and had it, evidence first, one approval, the clock, who is told', async () => {
    await at.goto('/')
    const card = at.page.getByRole('article').filter({ hasText: 'Is it an emergency? mcp-remote' })
    await card.first().getByRole('link', { name: 'The finding' }).click()
    await at.button('It is an emergency').click()
    await at.page.getByLabel('Why, for the record').fill('CVE-2025-6514 is exploited')
    await at.button('Switch it off now').click()
    await at.page.getByText(/Contained \d+ s after it was opened/).waitFor()
    const outcome = at.page.getByRole('dialog').getByRole('listitem')
    for (const line of [/^Affected: crm/, /^Affected: tickets/, /^Was affected: trial/, /^Kept first: client-config/])
      await outcome.filter({ hasText: line }).first().waitFor()
    await outcome.filter({ hasText: /^nowhere could not be told: / }).waitFor()
    await at.page.getByText(/^To be reviewed/).waitFor()
    await looksRight(at.opened, 'emergency-at-night')
    for (const file of ['.cursor/mcp.json', '.config/Claude/claude_desktop_config.json'])
      expect(textOf(file)).not.toMatch(/"command":[^}]*mcp-remote(?![^}]*"disabled": true)/)
    expect(pager.told().map(({ event }) => event)).toEqual(
      expect.arrayContaining(['emergency-opened', 'emergency-contained']),
    )
  })

  test('P8: whoever takes over reads it on one page: what happened when, in its order, and what is still owed', async () => {
    await at.page.getByRole('link', { name: 'The change', exact: true }).click()
    await steps().getByText('closed, done').waitFor()
    const lines = await steps().locator('li').allInnerTexts()
    const place = (words: string) => lines.findIndex((line) => line.includes(words))
    const order = ['proposed by', 'kept before anything was touched', 'approved by', 'written: ', 'closed, done']
    expect(order.map(place)).toEqual(order.map(place).toSorted((one, other) => one - other))
    expect(order.map(place)).not.toContain(-1)
    expect(lines.filter((line) => line.includes('approved by'))).toHaveLength(1)
    await at.button('Show the document').click()
    await at.page.getByRole('region', { name: 'The document' }).waitFor()
    await looksRight(at.opened, 'emergency-handed-over')
  })

  test('P9: afterwards it is told what changed and that nothing is known of what is gone; it can do nothing; every question is on record', async () => {
    const forbidden = ['approve', 'undo', 'emergency', 'token_new', 'evidence_export']
    await asAgent(async (ask) => {
      expect((await ask('may-use', { server: 'crm' })).structuredContent).toMatchObject({ answer: 'unknown' })
      const { structuredContent } = await ask('what-changed')
      expect(JSON.stringify(structuredContent)).toContain('emergency: ')
      for (const name of forbidden) await expect(ask(name)).rejects.toThrow('There is no such tool.')
    })
    const log = readFileSync(join(at.served.installation.stateDir, 'mcp-questions.jsonl'), 'utf8')
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ person, tool, outcome }) => [person, tool, outcome])).toEqual([
      ...['may-use', 'may-use', 'what-changed'].map((tool) => ['token:agent', tool, 'answered']),
      ...forbidden.map((tool) => ['token:agent', tool, 'no-such-tool']),
    ])
  })

  test('P7: from an advisory to the fix that was seen, out of a pack and nothing else; twenty-five samples that anybody draws again', async () => {
    const { installation } = at.served
    const witness = await exportCheckpoint(installation)
    await at.goto('/changes?fix=fs')
    await at.button(/^Propose: set fs to/).click()
    await at.page.getByRole('link', { name: 'see what it waits for' }).click()
    await at.button(/^Approve: /).click()
    await at.page.getByText('signed with a passkey of theirs').waitFor()
    await at.button('Make it now').click()
    await steps().getByText('closed, done').waitFor()
    // What was planned for the year and given up: changes as well.
    for (let index = 0; index < 26; index += 1) {
      const { change } = await order('window/set', windowOf(index))
      await order('changes', { change: change.id, abandon: true, reason: 'we do it by day' })
    }
    await scan(installation, [], cwd())
    await at.goto('/evidence')
    const path = await downloadPack('december.json')
    const key = Pack.parse(JSON.parse(readFileSync(path, 'utf8'))).keys[0]
    const { verdict, said } = await verifiedInBrowser(at.page, path, { checkpoints: witness, key })
    expect([verdict, said]).toEqual(['Valid', expect.not.stringContaining('whose key it is')])

    const pack = Pack.parse(JSON.parse(readFileSync(path, 'utf8')))
    expect(storyOf(pack, 'CVE-2025-53109')).toEqual([
      'open',
      'proposed',
      'approved',
      'effect-done',
      'resolved',
      'closed done',
    ])
    const out = join(installation.root, 'audit')
    await succeed(installation, ['changes', '--sample', '25', '--seed', '7', '--out', out], cwd())
    const drawn = Sample.parse(JSON.parse(readFileSync(join(out, 'population.json'), 'utf8')))
    const managed = drawn.population.filter(({ of: kind }) => kind === 'managed').map(({ id }) => id)
    expect(digestOf(managed)).toBe(
      digestOf(of(pack, 'change').flatMap((step) => (isProposed(step) ? [step.change] : []))),
    )
    expect(drawn.sample).toEqual(
      drawnBy(
        7,
        drawn.population.map(({ id }) => id),
        25,
      ),
    )
    expect((await verifiedInBrowser(at.page, join(out, 'evidence.json'), { key })).verdict).toBe('Valid')
  })
})

const training = {
  scope: 'security-training-updates',
  statement: 'I took the course and know what to do at night',
  until: '365d',
  role: 'operator',
}

function windowOf(index: number) {
  const window = { rrule: 'FREQ=WEEKLY;BYDAY=SU', at: '03:00', zone: 'Europe/Berlin', duration: 'PT1H' }
  return {
    name: `night ${index + 1}`,
    ...window,
    servers: ['elsewhere'],
    propose: true,
    reason: 'planned for the year',
  }
}

const Pack = z.looseObject({
  keys: z.array(z.string()),
  records: z.array(z.looseObject({ type: z.string(), record: z.unknown() })),
})
const Step = z.looseObject({ is: z.string(), change: z.string() })
const Sample = z.looseObject({
  population: z.array(z.looseObject({ id: z.string(), of: z.string() })),
  sample: z.array(z.string()),
})

function of({ records }: z.infer<typeof Pack>, type: string): unknown[] {
  return records.flatMap((one) => (one.type === type ? [one.record] : []))
}

function isProposed(step: unknown): step is { change: string } {
  return Step.parse(step).is === 'proposed'
}

const digestOf = (ids: readonly string[]) => createHash('sha256').update(ids.toSorted().join('\n')).digest('hex')

/** The first by SHA-256 of seed and id, as the list says how they are drawn. */
function drawnBy(seed: number, ids: readonly string[], count: number): string[] {
  const rank = (id: string) => createHash('sha256').update(JSON.stringify({ id, seed })).digest('hex')
  return ids.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1)).slice(0, count)
}

/** What became of a finding that names an advisory, and of the change that was to close it, in the order in which it was sealed. */
function storyOf({ records }: z.infer<typeof Pack>, advisory: string): string[] {
  const names = (record: unknown) => JSON.stringify(record).includes(advisory)
  const prints = records.flatMap(({ type, record }) =>
    type === 'finding' && names(record) ? [String(Object(record).statement?.fingerprint)] : [],
  )
  const ids = records.flatMap(({ type, record }) =>
    type === 'change' && Object(record).plan?.closes?.some((one: string) => prints.includes(one))
      ? [Object(record).change]
      : [],
  )
  const story = records.flatMap(({ type, record }) => {
    const { state, is, change, outcome, statement } = Object(record)
    if (type === 'finding') return prints.includes(statement?.fingerprint) ? [state] : []
    return type === 'change' && ids.includes(change) ? [outcome === undefined ? is : `${is} ${outcome}`] : []
  })
  const told = ['open', 'proposed', 'approved', 'effect-done', 'closed done', 'resolved']
  return [...new Set(story)].filter((one) => told.includes(one))
}
