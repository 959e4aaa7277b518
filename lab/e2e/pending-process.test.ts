import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { installedPackage } from '../servers/installed-package.ts'
import { canKill } from './crash-fixture.ts'
import { decide, type Installation, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { scan, verify } from './product.ts'
import { lastChange, storedSteps } from './state-database.ts'

const name = '@modelcontextprotocol/server-filesystem'
const folder = process.platform === 'linux' && canKill ? await installedPackage(name, '2025.7.1') : null
const script = join(folder ?? '', 'node_modules', name, 'dist', 'index.js')

/** A client that has started the server as its entry says, and holds it for as long as it wants. */
async function startServer(...roots: string[]): Promise<ChildProcess> {
  const server = spawn(process.execPath, [script, ...roots], { stdio: ['pipe', 'pipe', 'pipe'] })
  // It says so on standard error once it is there.
  await once(server.stderr, 'data')
  return server
}

async function endServer(server: ChildProcess): Promise<void> {
  const ended = once(server, 'close')
  server.kill()
  await ended
}

describe.skipIf(folder === null)('a server that still runs as it was (needs npm, script and Linux)', () => {
  let place: Installation
  let wide: string
  let narrow: string
  let server: ChildProcess | null = null
  beforeEach(async () => {
    place = newInstallation()
    wide = join(place.home, 'docs')
    narrow = join(wide, 'notes')
    mkdirSync(narrow, { recursive: true })
    const entry = { command: process.execPath, args: [script, wide] }
    writeFiles(place.home, { '.cursor/mcp.json': JSON.stringify({ mcpServers: { fs: entry } }, null, 2) })
    await scan(place)
    server = await startServer(wide)
  })
  afterEach(async () => {
    if (server !== null && server.exitCode === null && server.signalCode === null) await endServer(server)
    removeInstallation(place)
  })

  function lastStep() {
    return storedSteps(place, lastChange(place) ?? '').at(-1)
  }

  async function narrowed(): Promise<string> {
    const words = ['fix', 'fs', '--arg', `2=${narrow}`, '--reason', 'The notes are all that it needs.']
    const { screen } = await decide(place, words, { first: [[/Run this in the sandbox[^\n]*\[yes.no\]/, 'no']] })
    return screen.replaceAll(/\s+/g, ' ')
  }

  test('the change names the process and the client to restart; a scan closes it once the process is gone', async () => {
    const told = await narrowed()
    expect(readFileSync(join(place.home, '.cursor/mcp.json'), 'utf8'), told).toContain(`"${narrow}"`)
    expect(told).toContain(`process ${server?.pid} of fs still runs what was there before: restart cursor`)
    expect(lastStep()).toMatchObject({ is: 'observed' })

    await scan(place)
    expect(lastStep()).toMatchObject({ is: 'observed' })
    const before = storedSteps(place, lastChange(place) ?? '').length

    if (server !== null) await endServer(server)
    // The client has started it anew, from the entry as it now stands: that one is in nobody's way.
    server = await startServer(narrow)
    const seen = await scan(place)
    expect(seen.stderr).toContain(`Change ${lastChange(place)} is in force`)
    expect(lastStep()).toMatchObject({ is: 'closed', outcome: 'done', detail: 'seen to be in force' })
    expect(storedSteps(place, lastChange(place) ?? '').length).toBe(before + 2)
    expect((await verify(place)).exitCode).toBe(0)
  })

  test('a server that was taken out holds its change open as long as it runs', async () => {
    const { screen } = await decide(place, ['fix', 'fs', '--remove', '--reason', 'Nobody uses it.'])
    expect(screen.replaceAll(/\s+/g, ' ')).toContain(`process ${server?.pid} of fs still runs`)
    expect((await upkeep(place, ['changes'])).stdout.replaceAll(/\s+/g, ' ')).toContain('restart cursor')
    if (server !== null) await endServer(server)
    await scan(place)
    expect(lastStep()).toMatchObject({ is: 'closed', outcome: 'done' })
  })
})
