import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { chromiumHere } from '@upkeep/lab/chromium'
import { buildConsole } from '@upkeep/lab/console/served-console'
import { type Browser, chromium, type Page } from 'playwright-core'
import { freshPage, heapOf, leap, load, sweep } from './console-page.ts'
import { largeStateOptions, serveState, sessionOf, withLargeState } from './large-state.ts'
import { machineLine, median } from './machine.ts'

const limits = { gzipBytes: 250_000, readyMs: 1_500, rows: 80, taskMs: 50 }

/**
 * The console in a real Chromium over 10,000 servers and 100,000 findings: what the first page weighs and how long it takes with an empty
 * cache, beside a page with nothing on it; and long lists, leapt through and swept over, beside what the API alone takes for the rows.
 * Fails beyond a limit of weight or of rows, and beyond three times a limit of time.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { ...largeStateOptions, loads: { type: 'string', default: '5' } } })
  const loads = Number(values.loads)
  if (!loads) throw new Error('--loads takes a number above 0')
  const options = await chromiumHere()
  if (options === null) throw new Error('no Chromium is here: name one in CHROMIUM_PATH')
  buildConsole()
  const browser = await chromium.launch(options)
  console.log(
    `console: ${values.homes} homes × 5 servers, ${values.findings} findings · Chromium ${browser.version()} · ${machineLine()}`,
  )
  try {
    return await withLargeState(values, (root) => measured(root, browser, loads))
  } finally {
    await browser.close()
  }
}

async function measured(root: string, browser: Browser, loads: number): Promise<number> {
  const { child, link } = await serveState(root)
  try {
    const { origin } = new URL(link)
    const at: Shown = { browser, origin, cookie: await sessionOf(link) }
    const faults = [...(await firstLoad(at, loads))]
    for (const path of ['/findings', '/fleet']) faults.push(...(await longList(at, path)))
    for (const fault of faults) console.log(`beyond its limit: ${fault}`)
    return faults.length === 0 ? 0 : 1
  } finally {
    child.kill('SIGINT')
  }
}

interface Shown {
  readonly browser: Browser
  readonly origin: string
  readonly cookie: string
}

async function firstLoad(at: Shown, loads: number): Promise<string[]> {
  const bare = await barePage()
  const [ours, empty, frames, weights] = [[] as number[], [] as number[], [] as number[], [] as number[]]
  let sent = 0
  try {
    console.log(
      `first load: the first of all, while the server reads: ${(await opened(at, `${at.origin}/`)).readyMs.toFixed(0)} ms`,
    )
    for (let run = 0; run < loads; run += 1) {
      const first = await opened(at, `${at.origin}/`)
      ours.push(first.readyMs)
      frames.push(first.framedMs)
      weights.push(first.gzipBytes)
      sent = first.sentBytes
      empty.push((await opened({ ...at, cookie: '' }, bare.address)).readyMs)
    }
  } finally {
    bare.close()
  }
  const [ready, beside, weight] = [median(ours), median(empty), median(weights)]
  console.log(
    `first load: ${kB(weight)} of script as gzip (limit ${kB(limits.gzipBytes)}, ×${(weight / limits.gzipBytes).toFixed(2)}); ${kB(sent)} sent in all`,
  )
  console.log(
    `first load: frame after ${median(frames).toFixed(0)} ms, interactive after ${ready.toFixed(0)} ms, median of ${loads} (${spread(ours)}; limit ${limits.readyMs} ms, ×${(ready / limits.readyMs).toFixed(2)}); an empty page ${beside.toFixed(0)} ms (${spread(empty)}), ×${(ready / beside).toFixed(1)}`,
  )
  return [
    ...(weight > limits.gzipBytes ? [`script ${kB(weight)}`] : []),
    ...(ready > 3 * limits.readyMs ? [`interactive after ${ready.toFixed(0)} ms`] : []),
  ]
}

async function opened({ browser, origin, cookie }: Shown, address: string) {
  const page = await freshPage(browser, origin, cookie)
  const first = await load(page, address)
  await page.context().close()
  return first
}

async function longList(at: Shown, path: string): Promise<string[]> {
  const page = await freshPage(at.browser, at.origin, at.cookie)
  const first = await load(page, `${at.origin}${path}`)
  await page.locator('.long-list [aria-rowindex]').first().waitFor()
  const rows = await page.getByRole('status').filter({ hasText: 'rows' }).textContent()
  const leaps: string[] = []
  for (const [name, part] of places) {
    const took = await leap(page, part)
    const alone = await askedAlone(page, path, part)
    leaps.push(
      `${name} ${took.toFixed(0)} ms (the API alone ${alone.toFixed(0)} ms, ×${(took / Math.max(1, alone)).toFixed(1)})`,
    )
  }
  await leap(page, 0)
  const slow = await sweep(page, 240, 400)
  await leap(page, 0.5)
  const fast = await sweep(page, 240, 6_000)
  const heap = await heapOf(page)
  await page.goto('about:blank')
  const blank = await heapOf(page)
  await page.context().close()
  const most = Math.max(slow.mostRows, fast.mostRows)
  console.log(
    `${path}: ${rows}; interactive after ${first.readyMs.toFixed(0)} ms; from a leap to rows: ${leaps.join(', ')}`,
  )
  for (const [name, one] of [
    ['400 px a frame', slow],
    ['6,000 px a frame', fast],
  ] as const)
    console.log(
      `${path}: swept by ${name}: a frame each ${one.framesMs.toFixed(1)} ms, longest ${one.longestFrameMs.toFixed(0)} ms, the longest task worked ${one.workedMs.toFixed(0)} ms (limit ${limits.taskMs} ms, ×${(one.workedMs / limits.taskMs).toFixed(1)}) and took ${one.longestTaskMs.toFixed(0)} ms`,
    )
  console.log(
    `${path}: at most ${most} rows in the page (limit ${limits.rows}); heap ${(heap / 1e6).toFixed(1)} MB, an empty page ${(blank / 1e6).toFixed(1)} MB`,
  )
  const longest = Math.max(slow.workedMs, fast.workedMs)
  return [
    ...(most > limits.rows ? [`${path}: ${most} rows in the page`] : []),
    ...(longest > 3 * limits.taskMs ? [`${path}: a task that worked ${longest.toFixed(0)} ms`] : []),
  ]
}

const places = [
  ['the middle', 0.5],
  ['the end', 1],
  ['a quarter', 0.25],
] as const

/** The rows beside those that were leapt to, asked for by the page itself and read, without drawing them. */
function askedAlone(page: Page, path: string, part: number): Promise<number> {
  const name = path === '/fleet' ? 'servers?sort=name&' : 'findings?'
  return page.evaluate(
    async ([list, at]) => {
      const rowCount = Number(document.querySelector('.long-list')?.getAttribute('aria-rowcount')) - 1
      const place = Math.floor((rowCount * Number(at)) / 100) * 100
      const offset = Math.max(0, place - 700)
      const from = performance.now()
      const headers = { 'upkeep-page': localStorage.getItem('upkeep-page') ?? '' }
      const answer = await fetch(`/api/v1/${list}offset=${offset}&count=100`, { headers })
      if (answer.status !== 200) throw new Error(`the rows were refused: ${answer.status}`)
      await answer.json()
      return performance.now() - from
    },
    [name, String(part)],
  )
}

async function barePage(): Promise<{ address: string; close(): void }> {
  const html = '<!doctype html><html lang="en"><title>nothing</title><main><h1>Nothing</h1></main></html>'
  const server = createServer((_request, answer) => answer.setHeader('content-type', 'text/html').end(html))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

function kB(bytes: number): string {
  return `${Math.round(bytes / 1_000)} kB`
}

function spread(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)} ms`
}

process.exitCode = await main()
