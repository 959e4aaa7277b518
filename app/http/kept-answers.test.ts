import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@upkeep/engine/store/open-store'
import { sampleFinding } from '@upkeep/lab/postgres/sample-records'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Served, served } from './served.cases.ts'
import { createDesk } from './work/desk.ts'

let door: Served
beforeAll(async () => {
  door = await served()
}, 60_000)
afterAll(() => door.stop())

const page = { offset: 0, count: 50, search: null, sort: null }
const questions = [
  { operation: 'findings', page },
  { operation: 'findings', page: { ...page, search: 'FS' } },
  { operation: 'findings', page: { ...page, sort: '-finding.statement.severity' } },
  { operation: 'servers', page },
  { operation: 'status', page: null },
  { operation: 'what-changed', page },
  { operation: 'inbox', page },
  { operation: 'figures', page: null },
]

const Status = z.looseObject({
  report: z.looseObject({
    items: z.array(z.looseObject({ severity: z.string() })),
    unknowns: z.array(z.unknown()),
    coverage: z.looseObject({ servers: z.array(z.unknown()) }),
  }),
})

/** What a process says that has just opened the state, and keeps nothing. */
async function asNew(): Promise<unknown[]> {
  const desk = createDesk({ machine: door.machine, configPath: undefined, practice: false, reads: false })
  const line = { signal: new AbortController().signal, progress: () => {}, tell: () => {} }
  const caller = { person: 'ada', roles: ['admin' as const], agent: false }
  try {
    const answers = []
    for (const asked of questions) {
      const call = { ...asked, effect: 'read' as const, input: {}, caller, known: null, key: null }
      const answer = await desk.answer(call, line)
      answers.push(answer.state === 'answered' ? told(JSON.parse(answer.body)) : answer)
    }
    return answers
  } finally {
    await desk.close()
  }
}

async function asKept(): Promise<unknown[]> {
  const answers = []
  for (const { operation, page } of questions) {
    const part = { search: page?.search, sort: page?.sort }
    const query = new URLSearchParams(Object.entries(part).flatMap(([name, text]) => (text ? [[name, text]] : [])))
    answers.push(told(await (await door.ask(`/api/v1/${operation}?${query}`)).json()))
  }
  return answers
}

/** Without the moment of asking. */
function told(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer, (key, value) => (['at', 'until', 'since'].includes(key) ? null : value)))
}

async function metricsAndStatus(): Promise<[Record<string, number>, Record<string, number>]> {
  const text = await (await door.ask('/metrics')).text()
  const shown = [...text.matchAll(/^upkeep_(findings_open\{severity="\w+"\}|unknowns|servers) (\d+)$/gm)]
  const { report } = Status.parse(await (await door.ask('/api/v1/status')).json())
  const severities = ['critical', 'high', 'medium', 'low'].map((severity) => [
    `findings_open{severity="${severity}"}`,
    report.items.filter((item) => item.severity === severity).length,
  ])
  const expected = [...severities, ['unknowns', report.unknowns.length], ['servers', report.coverage.servers.length]]
  return [Object.fromEntries(shown.map(([, name, count]) => [name, Number(count)])), Object.fromEntries(expected)]
}

/** Each changes what is recorded in another way, and by another process than the one that answers. */
const happenings: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['a first scan', () => door.atTerminal('scan', {})],
  ['an acceptance', accepted],
  ['a server more, and a scan', another],
  ['all servers gone, and a scan over HTTP', gone],
]

/** Of a finding that takes no proof that somebody is there. */
async function accepted(): Promise<void> {
  const sample = sampleFinding('a-light-one', 'ab'.repeat(32))
  const store = await openStore({ stateDir: door.state })
  await store.findings.append({ ...sample, statement: { ...sample.statement, severity: 'medium' } })
  await store.close()
  const [before] = await asKept()
  await door.atTerminal('accept', { finding: 'ab'.repeat(32), until: '30d', reason: 'for a while' })
  expect((await asKept())[0]).not.toEqual(before)
}

async function another(): Promise<void> {
  write({ fs: { command: 'npx', args: ['-y', 'x@1.0.0'] }, third: { command: 'npx', args: ['-y', 'third-of-ours'] } })
  await door.atTerminal('scan', {})
}

async function gone(): Promise<void> {
  write({})
  expect((await door.order('/api/v1/scan', {})).status).toBe(200)
}

function write(mcpServers: Record<string, unknown>): void {
  writeFileSync(join(door.home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers }))
}

test.each(happenings)(
  'after %s each answer is what a process says that kept nothing, and metrics are of it',
  async (_, happen) => {
    await happen()
    const [kept, fresh] = [await asKept(), await asNew()]
    for (const [index, answer] of kept.entries()) expect(answer, questions[index]?.operation).toEqual(fresh[index])
    const [metrics, status] = await metricsAndStatus()
    expect(metrics).toEqual(status)
  },
)

test('what rests on more than the record is of this moment: tokens, what was told, what was put off in the inbox', async () => {
  write({ fs: { command: 'npx', args: ['-y', 'x@1.0.0'] } })
  await door.atTerminal('scan', {})
  const ask = async (path: string) => z.looseObject({}).parse(await (await door.ask(`/api/v1/${path}`)).json())
  const names = async () => JSON.stringify(await ask('token/list'))
  expect(await names()).not.toContain('made-late')
  await door.token({ name: 'made-late', role: 'viewer' })
  expect(await names()).toContain('made-late')
  const waiting = async () => z.array(z.looseObject({ id: z.string() })).parse((await ask('inbox')).items)
  const [first] = await waiting()
  await door.atTerminal('inbox', { answer: 'later', id: first?.id })
  expect((await waiting()).map(({ id }) => id)).not.toContain(first?.id)
})
