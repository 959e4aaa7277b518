import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ChangeStep } from '@upkeep/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { oneServer, type Served, served } from './served.cases.ts'

const Proposed = z.looseObject({ change: z.looseObject({ id: z.string(), phase: z.string() }) })
const Problem = z.looseObject({ code: z.string(), title: z.string() })

let door: Served
let id: string
beforeAll(async () => {
  door = await served(oneServer, 'localhost')
  await door.order('/api/v1/scan', {})
  const asked = { what: ['fs'], disable: true, propose: true, reason: 'Nobody has used it for a year' }
  const answer = await door.order('/api/v1/fix', asked)
  const { change } = Proposed.parse(await answer.json())
  expect(change.phase).toBe('proposed')
  id = change.id
}, 60_000)
afterAll(() => door.stop())

const file = () => readFileSync(join(door.home, '.cursor', 'mcp.json'), 'utf8')

/** With SQLite, as a stranger with the user's full rights would. */
function inDatabase<Result>(use: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(join(door.state, 'state.db'))
  try {
    return use(database)
  } finally {
    database.close()
  }
}

test('without an approval nothing is made over HTTP', async () => {
  const before = file()
  const answer = await door.order('/api/v1/fix', { change: id })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(Problem.parse(await answer.json()).code).toBe('needs-a-person')
  expect(file()).toBe(before)
})

test('an approval that was written into the database makes nothing over HTTP either, and is named by verify', async () => {
  const before = file()
  inDatabase((database) => {
    const rows = database.prepare('select body from change_steps where change_id = ? order by seq').all(id)
    const steps = rows.map(({ body }) => ChangeStep.parse(JSON.parse(String(body))))
    const [first] = steps
    if (first?.is !== 'proposed') throw new Error('it was not proposed')
    const approval = {
      digest: first.digest,
      decision: 'approved',
      role: 'approver',
      reason: null,
      until: '2099-01-01T00:00:00.000Z',
      signer: { person: 'ada', presence: 'ssh-key', signature: 'forged' },
    }
    const forged = { id: 'forged', at: first.at, change: id, seq: steps.length, is: 'approved', approval }
    database
      .prepare('insert into change_steps (id, body, change_id, place, step) values (?, ?, ?, ?, ?)')
      .run('forged', JSON.stringify(ChangeStep.parse(forged)), id, `${id}#${steps.length}`, 'approved')
  })
  const answer = await door.order('/api/v1/fix', { change: id })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(Problem.parse(await answer.json()).title).toMatch(/not in the ledger/)
  expect(file()).toBe(before)
  const problems = [{ what: 'record-unsealed', record: { type: 'change', id: 'forged' } }]
  const evidence = { valid: false, problems }
  expect(await door.atTerminal('verify', {})).toMatchObject({ evidence })
})
