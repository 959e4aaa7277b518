import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Facts, FilesPort, Observation } from '@upkeep/contract'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hostProcesses } from './collector.ts'

const ports = realPorts()
const folder = mkdtempSync(join(tmpdir(), 'upkeep-host-processes-'))
const script = join(folder, 'server.mjs')
const running: ChildProcess[] = []
let sink: Server
let sinkPort = 0

/** A server that connects where it is told, starts a child, and says when it has. */
const text = `
import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
spawn('sleep', ['60'], { stdio: 'ignore' })
const [, , port, listen] = process.argv
if (listen) createServer().listen(Number(listen), '127.0.0.1')
const socket = connect(Number(port), '127.0.0.1', () => console.log('ready'))
process.stdin.on('end', () => process.exit()).resume()`

beforeAll(async () => {
  writeFileSync(script, text)
  symlinkSync(script, join(folder, 'linked'))
  sink = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(sink, 'listening')
  const address = sink.address()
  sinkPort = typeof address === 'object' && address !== null ? address.port : 0
})
afterEach(() => {
  for (const child of running.splice(0)) if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
})
afterAll(() => {
  sink.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(file: string, ...args: string[]): Promise<number> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  running.push(child)
  if (child.stdout !== null) await once(child.stdout, 'data')
  return child.pid ?? -1
}

function planOf(...args: (string | null)[]): Facts<'run-plan'> {
  const digest = 'd'.repeat(64)
  const words = args.map((word) =>
    word === null ? { text: 'upkeep-stand-in', standIn: true } : { text: word, standIn: false },
  )
  const head = { command: digest, bytes: digest, shown: '', runtime: 'node' as const, packages: null }
  return { ...head, file: script, args: words, env: {}, shows: [], folders: [] }
}

async function look(
  plan: Facts<'run-plan'> | string,
  port: number | null = null,
  files: FilesPort = ports.files,
  machine = true,
) {
  const call = callFor(declaredUrl('http://127.0.0.1:1/', ports))
  const { subject } = call
  const planned: Observation<'run-plan'> =
    typeof plan === 'string'
      ? { kind: 'run-plan', subject, state: 'unavailable', code: 'not-supported', reason: plan }
      : { kind: 'run-plan', subject, state: 'seen', facts: plan }
  const listener: Observation<'listener'> =
    port === null
      ? { kind: 'listener', subject, state: 'absent', reason: 'stdio' }
      : {
          kind: 'listener',
          subject,
          state: 'seen',
          facts: { port, addresses: [{ address: '127.0.0.1', loopback: true, uid: 0 }] },
        }
  const [found] = await hostProcesses.collect({
    for: { ...call, place: { ...call.place, machine } },
    prior: { 'run-plan': [planned], listener: [listener] },
    ports: { files },
    settings: settingsWith({}),
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: false },
  })
  return found
}

async function facts(...args: Parameters<typeof look>) {
  const found = await look(...args)
  if (found?.state !== 'seen') throw new Error(found?.state)
  return found.facts
}

describe.skipIf(process.platform !== 'linux')('host processes (Linux)', () => {
  it('finds a running server by its command line, with what it started and whom it is connected to', async () => {
    const pid = await start(script, String(sinkPort))
    const { processes, notRead } = await facts(planOf(String(sinkPort)))
    expect(processes.map(({ by, program }) => ({ by, program }))).toEqual([
      { by: 'command-line', program: expect.any(String) },
      { by: 'child', program: 'sleep' },
    ])
    const [server, child] = processes
    expect(server).toMatchObject({ pid, uid: process.getuid?.() })
    expect(child?.parent).toBe(pid)
    expect(server?.connections?.map(({ protocol, remote }) => `${protocol} ${remote}`)).toEqual([
      `tcp 127.0.0.1:${sinkPort}`,
    ])
    expect(server?.memoryBytes).toBeGreaterThan(10 << 20)
    expect(server?.openFiles).toBeGreaterThan(3)
    expect(server?.threads).toBeGreaterThan(1)
    expect(Math.abs(Date.parse(server?.startedAt ?? '') - Date.now())).toBeLessThan(60_000)
    expect(child?.connections).toEqual([])
    expect(notRead).toEqual([])
  })

  it('finds it behind a link and with a secret among its words; another word is another server', async () => {
    const pid = await start(join(folder, 'linked'), String(sinkPort), '0')
    expect((await facts(planOf(String(sinkPort), null))).processes[0]?.pid).toBe(pid)
    expect((await facts(planOf('1', '0'))).processes).toEqual([])
    expect((await facts(planOf(String(sinkPort)))).processes).toEqual([])
  })

  it('finds a server by the port on which it listens; who calls it is not whom it calls', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const address = free.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    free.close()
    const pid = await start(script, String(sinkPort), String(port))
    const { connect } = await import('node:net')
    const caller = connect(port, '127.0.0.1')
    await once(caller, 'connect')
    const { processes } = await facts('no copy', port)
    caller.destroy()
    expect(processes[0]).toMatchObject({ pid, by: 'listening-port' })
    expect(processes[0]?.connections?.map(({ remote }) => remote)).toEqual([`127.0.0.1:${sinkPort}`])
  })

  it('what may not be read of a process of another user is unknown, and said', async () => {
    const pid = await start(script, String(sinkPort))
    const denied: FilesPort = {
      ...ports.files,
      list: (path, most) =>
        path === `/proc/${pid}/fd`
          ? { state: 'unavailable', code: 'permission-denied', reason: 'not allowed' }
          : ports.files.list(path, most),
    }
    const { processes, notRead } = await facts(planOf(String(sinkPort)), null, denied)
    expect(processes[0]).toMatchObject({ pid, openFiles: null, connections: null })
    expect(notRead).toEqual([expect.stringContaining(`process ${pid}`)])
  })

  it('a server that does not run has no process; one that cannot be told from others is unknown', async () => {
    expect((await facts(planOf('none'))).processes).toEqual([])
    expect(await look('no copy is installed')).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('no copy'),
    })
    expect(await look(planOf(), null, ports.files, false)).toMatchObject({ state: 'absent' })
    const bare: FilesPort = { ...ports.files, list: () => ({ state: 'absent' }) }
    expect(await look(planOf(), null, bare)).toMatchObject({ state: 'unavailable', code: 'not-supported' })
  })
})
