import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, createServer, get, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '@upkeep/engine/store/open-store'
import { generateHomes } from '@upkeep/lab/fleet/homes'
import { sampleFinding } from '@upkeep/lab/postgres/sample-records'
import { machineLine } from './machine.ts'

const door = resolve(import.meta.dirname, '..', 'app', 'cli', 'main.ts')
const limits = { p99Ms: 50, streamBytes: 50_000_000 }
const clients = 20
const streams = 200

/**
 * List pages of `upkeep serve` over 10,000 servers and 100,000 findings on SQLite, asked by twenty clients at once, beside a bare HTTP server
 * that sends the same bytes; and what two hundred idle event streams cost. Fails beyond three times a limit.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      homes: { type: 'string', default: '2000' },
      findings: { type: 'string', default: '100000' },
      requests: { type: 'string', default: '2000' },
    },
  })
  const [homes, findings, requests] = [values.homes, values.findings, values.requests].map(Number)
  if (!homes || !findings || !requests) throw new Error('--homes, --findings and --requests take numbers above 0')
  console.log(`api: ${homes} homes × 5 servers, ${findings} findings, ${clients} clients · ${machineLine()}`)
  const root = mkdtempSync(join(tmpdir(), 'upkeep-bench-'))
  try {
    const state = await filled(root, homes, findings)
    return await measured(root, state, requests)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** A real scan of generated homes, and findings beside what it found until there are enough. */
async function filled(root: string, homes: number, findings: number): Promise<string> {
  const [out, state] = [join(root, 'homes'), join(root, 'state')]
  mkdirSync(state, { mode: 0o700 })
  generateHomes({ out, homes, serversPerHome: 5, seed: 1 })
  await ended(
    spawn(process.execPath, [door, 'scan', '--homes', out, '--json'], { env: envOf(root, state), stdio: 'ignore' }),
  )
  const store = await openStore({ stateDir: state })
  const there = (await store.findings.current()).length
  const made = Array.from({ length: Math.max(0, findings - there) }, (_, index) => {
    const finding = sampleFinding(`bench-${index}`, index.toString(16).padStart(64, '0'))
    const name = `server-${index % 9_973}`
    const subject = { ...finding.statement.subject, id: `server:bench:${name}`, name }
    return {
      ...finding,
      statement: { ...finding.statement, subject, summary: `${finding.statement.summary} ${index}` },
    }
  })
  for (let from = 0; from < made.length; from += 5_000) await store.findings.appendMany(made.slice(from, from + 5_000))
  await store.close()
  return state
}

async function measured(root: string, state: string, requests: number): Promise<number> {
  const child = spawn(process.execPath, [door, 'serve', '--port', '0', '--no-duties'], {
    env: envOf(root, state),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    const link = await linkOf(child.stderr)
    const { origin } = new URL(link)
    const cookie = await sessionOf(link)
    let worst = 0
    for (const path of [
      'findings?count=50',
      'findings?count=50&sort=-finding.statement.subject.name&offset=50000',
      'findings?search=server-77&count=50',
      'servers?count=50&offset=5000',
    ]) {
      const url = `${origin}/api/v1/${path}`
      const first = await timed(url, cookie)
      const times = await load(url, cookie, requests)
      const bare = await bareTimes(first.body, requests)
      worst = Math.max(worst, at(times, 0.99))
      console.log(
        `${path}: first ${first.ms.toFixed(0)} ms; then p50 ${at(times, 0.5).toFixed(1)} ms, p99 ${at(times, 0.99).toFixed(1)} ms (limit ${limits.p99Ms} ms); a bare server with the same bytes: p50 ${at(bare, 0.5).toFixed(1)} ms, p99 ${at(bare, 0.99).toFixed(1)} ms, ×${(at(times, 0.99) / at(bare, 0.99)).toFixed(1)}`,
      )
    }
    const before = memoryOf(child.pid)
    const open = Array.from({ length: streams }, () =>
      get(`${origin}/api/v1/events`, { headers: { cookie }, agent: false }),
    )
    await Promise.all(open.map((one) => new Promise((done) => one.once('response', (answer) => done(answer.resume())))))
    const extra = memoryOf(child.pid) - before
    for (const one of open) one.destroy()
    console.log(
      `${streams} idle event streams: ${(extra / 1e6).toFixed(1)} MB more (limit ${limits.streamBytes / 1e6} MB); whole process ${(before / 1e6).toFixed(0)} MB`,
    )
    return worst > 3 * limits.p99Ms || extra > 3 * limits.streamBytes ? 1 : 0
  } finally {
    child.kill('SIGINT')
  }
}

function linkOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    // Read to the end: a log that nobody reads would stop the server.
    stream.on('data', (chunk) => {
      if (text.length < 100_000) text += chunk
      const link = /http:\/\/\S+\/enter\?link=\S+/.exec(text)?.[0]
      if (link !== undefined) resolve(link)
    })
    stream.on('end', () => reject(new Error(`serve ended: ${text.slice(0, 500)}`)))
  })
}

async function sessionOf(link: string): Promise<string> {
  const entered = await fetch(link, { redirect: 'manual' })
  return (entered.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
}

/** Twenty clients, each asking anew as soon as it was answered. */
async function load(url: string, cookie: string, requests: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const times: number[] = []
  let left = requests
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left-- > 0) times.push((await timed(url, cookie, agent)).ms)
    }),
  )
  agent.destroy()
  return times.sort((one, other) => one - other)
}

function timed(url: string, cookie: string, agent?: Agent): Promise<{ ms: number; body: Buffer }> {
  const from = performance.now()
  return new Promise((resolve, reject) => {
    const sent = get(url, { headers: { cookie }, ...(agent && { agent }) }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        if (answer.statusCode !== 200)
          reject(new Error(`${url}: ${answer.statusCode} ${Buffer.concat(parts).toString().slice(0, 300)}`))
        else resolve({ ms: performance.now() - from, body: Buffer.concat(parts) })
      })
    })
    sent.on('error', reject)
  })
}

async function bareTimes(body: Buffer, requests: number): Promise<number[]> {
  const server: Server = createServer((_request, answer) => answer.end(body))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    return await load(`http://127.0.0.1:${port}/`, '', requests)
  } finally {
    server.close()
  }
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

function memoryOf(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) * 1_024
}

function ended(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((done, fail) =>
    child.once('exit', (code) => ([0, 1, 3].includes(code ?? -1) ? done() : fail(new Error(`scan: ${code}`)))),
  )
}

function envOf(root: string, state: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: root, UPKEEP_HOME: state }
}

process.exitCode = await main()
