import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { largeStateOptions, scanHomes, serveState, sessionOf, withLargeState } from './large-state.ts'
import { machineLine } from './machine.ts'
import { cpuMsOf, memoryOf } from './process-usage.ts'

const limits = { p99Ms: 50, streamBytes: 50_000_000 }
const clients = 20
const streams = 200
const pauseMs = 1_000
/** Memory is given back once nobody asked for ten seconds. */
const restMs = 15_000
const bareServer = resolve(import.meta.dirname, 'bare-server-process.ts')

/**
 * List pages of `upkeep serve` over 10,000 servers and 100,000 findings on SQLite, asked by twenty clients at once: as they are, right after
 * something was recorded, and while a scan of all of them records; beside a bare HTTP server that sends the same bytes, in time and in
 * what the processor does for a request. And what two hundred idle event streams cost. Fails beyond three times a limit.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { ...largeStateOptions, requests: { type: 'string', default: '2000' } } })
  const requests = Number(values.requests)
  if (!requests) throw new Error('--requests takes a number above 0')
  console.log(
    `api: ${values.homes} homes × 5 servers, ${values.findings} findings, ${clients} clients · ${machineLine()}`,
  )
  return withLargeState(values, (root) => measured(root, requests))
}

const pages = [
  'findings?count=50',
  'findings?count=50&sort=-finding.statement.subject.name&offset=50000',
  'findings?search=server-77&count=50',
  'servers?count=50&offset=5000',
]
/** What the console asks beside lists, and what a monitor does. */
const others = ['status?brief=true', 'what-changed?count=50', 'inbox?count=50', 'figures']

async function measured(root: string, requests: number): Promise<number> {
  const { child, link } = await serveState(root)
  try {
    const { origin } = new URL(link)
    const at: Asked = { api: `${origin}/api/v1`, origin, cookie: await sessionOf(link), requests, pid: child.pid }
    const worst = [
      ...(await phase('as it is', at, async () => {})),
      ...(await phase('after something was recorded', at, () => record(at))),
      ...(await whileScanning(root, at)),
    ]
    const busy = memoryOf(child.pid)
    await new Promise((done) => setTimeout(done, restMs))
    console.log(`whole process ${megabytes(busy)}, at rest ${megabytes(memoryOf(child.pid))}`)
    const extra = await streamsCost(at)
    return Math.max(...worst) > 3 * limits.p99Ms || extra > 3 * limits.streamBytes ? 1 : 0
  } finally {
    child.kill('SIGINT')
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

interface Asked {
  readonly api: string
  readonly origin: string
  readonly cookie: string
  readonly requests: number
  readonly pid: number | undefined
}

/** How long each request took, ms, shortest first, and what the process that answered computed for one, ms. */
interface Load {
  readonly times: readonly number[]
  readonly cpuMs: number
}

/** One load beside another one. */
function beside(ours: Load, bare: Load): string {
  const words = ({ times, cpuMs }: Load) =>
    `p50 ${at(times, 0.5).toFixed(1)} ms, p99 ${at(times, 0.99).toFixed(1)} ms, ${cpuMs.toFixed(2)} ms of a core each`
  return `${words(ours)} (limit of p99 ${limits.p99Ms} ms); a bare server with the same bytes: ${words(bare)}; ×${(at(ours.times, 0.99) / at(bare.times, 0.99)).toFixed(1)} p99, ×${(ours.cpuMs / bare.cpuMs).toFixed(1)} core`
}

/** The 99th percentile of each list page, where something happened just before it was first asked for. */
async function phase(name: string, asked: Asked, before: () => Promise<void>): Promise<number[]> {
  const found: number[] = []
  for (const path of pages) {
    await before()
    const url = `${asked.api}/${path}`
    const first = await timed(url, asked.cookie)
    const ours = await load(url, asked)
    const bare = await bareLoad(first.body, asked.requests)
    found.push(at(ours.times, 0.99))
    console.log(`${name}: ${path}: first ${first.ms.toFixed(0)} ms; then ${beside(ours, bare)}`)
  }
  for (const path of others) {
    await before()
    const url = `${asked.api}/${path}`
    const [first, second] = [await timed(url, asked.cookie), await timed(url, asked.cookie)]
    console.log(`${name}: ${path}: first ${first.ms.toFixed(0)} ms, second ${second.ms.toFixed(0)} ms`)
  }
  return found
}

const acceptable: string[] = []

/** An acceptance: it is about a finding, so that every list of findings is another one. What is severe would take a person with a key. */
async function record({ api, origin, cookie }: Asked): Promise<void> {
  if (acceptable.length === 0) {
    const { body } = await timed(`${api}/findings?count=200&sort=-finding.statement.severity`, cookie)
    for (const { finding, acceptedUntil } of JSON.parse(body.toString()).findings)
      if (acceptedUntil === null) acceptable.push(finding.statement.fingerprint)
  }
  const finding = acceptable.shift()
  const answer = await fetch(`${api}/accept`, {
    method: 'POST',
    headers: { cookie, origin, 'content-type': 'application/json' },
    body: JSON.stringify({ finding, until: '30d', reason: 'for the bench' }),
  })
  if (answer.status !== 200) throw new Error(`accept: ${answer.status} ${(await answer.text()).slice(0, 300)}`)
}

/** Lists for as long as another process looks at everything and records it. */
async function whileScanning(root: string, asked: Asked): Promise<number[]> {
  const scanning = { done: false }
  const whole = scanHomes(root).finally(() => {
    scanning.done = true
  })
  const times = new Map<string, number[]>(pages.map((path) => [path, []]))
  while (!scanning.done) {
    for (const [path, all] of times)
      all.push(...(await load(`${asked.api}/${path}`, { ...asked, requests: 200 })).times)
    // One address may ask only so often in a minute.
    await new Promise((done) => setTimeout(done, pauseMs))
  }
  await whole
  return [...times].map(([path, all]) => {
    all.sort((one, other) => one - other)
    const line = `while a scan records: ${path}: ${all.length} requests, p50 ${at(all, 0.5).toFixed(1)} ms, p99 ${at(all, 0.99).toFixed(1)} ms, longest ${at(all, 1).toFixed(0)} ms`
    console.log(line)
    return at(all, 0.99)
  })
}

async function streamsCost({ api, cookie, pid }: Asked): Promise<number> {
  const before = memoryOf(pid)
  const open = Array.from({ length: streams }, () => get(`${api}/events`, { headers: { cookie }, agent: false }))
  await Promise.all(open.map((one) => new Promise((done) => one.once('response', (answer) => done(answer.resume())))))
  const extra = memoryOf(pid) - before
  for (const one of open) one.destroy()
  console.log(
    `${streams} idle event streams: ${(extra / 1e6).toFixed(1)} MB more (limit ${limits.streamBytes / 1e6} MB)`,
  )
  return extra
}

/** Twenty clients, each asking anew as soon as it was answered. */
async function load(url: string, { cookie, requests, pid }: Pick<Asked, 'cookie' | 'requests' | 'pid'>): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const times: number[] = []
  let left = requests
  const before = cpuMsOf(pid)
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left-- > 0) times.push((await timed(url, cookie, agent)).ms)
    }),
  )
  agent.destroy()
  const cpuMs = (cpuMsOf(pid) - before) / requests
  return { times: times.sort((one, other) => one - other), cpuMs }
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

/** The same load on a server that does nothing but send these bytes, in a process of its own as ours is. */
async function bareLoad(body: Buffer, requests: number): Promise<Load> {
  const child = spawn(process.execPath, [bareServer], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    child.stdin.end(body)
    const [port] = await once(child.stdout, 'data')
    return await load(`http://127.0.0.1:${String(port).trim()}/`, { cookie: '', requests, pid: child.pid })
  } finally {
    child.kill()
  }
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

process.exitCode = await main()
