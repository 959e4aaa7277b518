import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { removeLeftovers } from './postgres-leftovers.ts'
import { startPostgres } from './start-postgres.ts'

/** Starts a server in a child of ours and says where; then does as told. */
async function startedByChild(then: string): Promise<{ folder: string; kill: () => Promise<void> }> {
  const code = `
    import { startPostgres } from './start-postgres.ts'
    const server = await startPostgres()
    console.log(server.folder)
    ${then}
    setInterval(() => {}, 1000)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [folder] = await once(createInterface({ input: child.stdout }), 'line')
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { folder: String(folder), kill }
}

async function untilGone(path: string): Promise<boolean> {
  for (let waited = 0; waited < 15_000 && existsSync(path); waited += 50) await sleep(50)
  return !existsSync(path)
}

const serverPid = (folder: string) =>
  Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])

describe.skipIf(findPostgresBinaries() === null)('a PostgreSQL server for tests', () => {
  test('starts, answers on its own socket only, not as root, and leaves nothing', async () => {
    const server = await startPostgres()
    const client = new Client({ connectionString: server.url })
    await client.connect()
    const { rows } = await client.query(`select current_setting('listen_addresses') as addresses, version() as version`)
    await client.end()
    expect(rows).toEqual([{ addresses: '', version: expect.stringMatching(/^PostgreSQL 1\d/) }])
    expect(statSync(join(server.folder, 'data')).uid).not.toBe(0)
    expect(statSync(server.folder).mode & 0o077).toBe(0)
    await server.stop()
    expect(existsSync(server.folder)).toBe(false)
  })

  test('ends and leaves nothing when its starter is killed with signal 9', async () => {
    const { folder, kill } = await startedByChild('')
    const pid = serverPid(folder)
    await kill()
    expect(await untilGone(folder)).toBe(true)
    expect(await untilGone(`/proc/${pid}`)).toBe(true)
  })

  test('is cleared away by the next run when its keeper was killed too', async () => {
    const { folder, kill } = await startedByChild('')
    const pid = serverPid(folder)
    const keeper = Number(/^PPid:\s(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    process.kill(keeper, 'SIGKILL')
    await kill()
    await sleep(200)
    expect(existsSync(`/proc/${pid}`)).toBe(true)
    await removeLeftovers(join(folder, '..'), [statSync(folder).uid])
    expect(existsSync(folder)).toBe(false)
    expect(await untilGone(`/proc/${pid}`)).toBe(true)
  })
})

test('a folder that names a process which is no server in it costs that process nothing', async () => {
  const temp = mkdtempSync(join(tmpdir(), 'upkeep-leftovers-'))
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const folder = join(temp, 'upkeep-postgres-4194304-abc')
  const alive = join(temp, `upkeep-postgres-${process.pid}-abc`)
  for (const each of [folder, alive]) {
    mkdirSync(join(each, 'data'), { recursive: true })
    writeFileSync(join(each, 'data', 'postmaster.pid'), `${bystander.pid}\n`)
  }
  const own = statSync(temp).uid
  expect(await removeLeftovers(temp, [own + 1])).toEqual([])
  expect(await removeLeftovers(temp, [own])).toEqual([folder])
  expect(existsSync(alive)).toBe(true)
  expect(bystander.exitCode ?? bystander.signalCode).toBeNull()
  bystander.kill('SIGKILL')
  rmSync(temp, { recursive: true })
})
