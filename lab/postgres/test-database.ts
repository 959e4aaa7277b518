import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { z } from 'zod'
import { startPostgres } from './start-postgres.ts'
import { askAt } from './vitest-setup.ts'

const Answer = z.union([z.object({ url: z.string() }), z.object({ problem: z.string() })])

/** An empty database of a test's own on the shared server. */
export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

let own: Promise<string> | null = null

/** Makes a database; the server starts when it is the first. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = await serverUrl()
  const name = `t_${randomBytes(8).toString('hex')}`
  await runOn(admin, `create database ${name}`)
  return {
    url: admin.replace('/postgres?', `/${name}?`),
    drop: () => runOn(admin, `drop database if exists ${name} with (force)`),
  }
}

async function serverUrl(): Promise<string> {
  const ask = process.env[askAt]
  if (ask === undefined) {
    // Outside vitest's set-up: a server that lives as long as this process.
    own ??= startPostgres().then((server) => server.url)
    return own
  }
  const answer = Answer.parse(await (await fetch(ask)).json())
  if ('url' in answer) return answer.url
  throw new Error(answer.problem)
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
