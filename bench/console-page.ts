import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'

/** A page with nothing kept of an earlier one, on which the moments of being drawn and ready are noted as they come. */
export async function freshPage(browser: Browser, origin: string, cookie: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_200, height: 900 } })
  const [name = '', value = ''] = cookie.split('=', 2)
  if (value !== '') await context.addCookies([{ name, value, url: origin }])
  await context.addInitScript(noteWhatHappens)
  await context.addInitScript(keepPageKey)
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  return page
}

interface Noted {
  /** Milliseconds since the address was asked for: the frame of the page stands, all of it is drawn and nothing is left to do. */
  framed: number | null
  ready: number | null
}

declare global {
  interface Window {
    noted: Noted
  }
}

/** Each page is fresh and their session is one: the key that it is bound to is all that they have in common. Runs in the page. */
function keepPageKey(): void {
  if (location.protocol.startsWith('http')) localStorage.setItem('upkeep-page', 'k'.repeat(43))
}

/** Runs in the page, before everything else there. */
function noteWhatHappens(): void {
  const noted: Noted = { framed: null, ready: null }
  window.noted = noted
  const look = () => {
    const isFramed = document.querySelector('main h1') !== null
    if (isFramed) noted.framed ??= performance.now()
    if (!isFramed || document.querySelector('[aria-busy="true"]') !== null) requestAnimationFrame(look)
    else
      requestIdleCallback(() => {
        noted.ready = performance.now()
      })
  }
  requestAnimationFrame(look)
}

export interface Load {
  readonly framedMs: number
  readonly readyMs: number
  /** Script as gzip, and everything as it was sent. */
  readonly gzipBytes: number
  readonly sentBytes: number
}

/** Opens an address with an empty cache; `readyMs` is the first idle moment after everything was drawn. */
export async function load(page: Page, address: string): Promise<Load> {
  const scripts: Promise<Buffer>[] = []
  const sizes: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body())
    if (response.request().resourceType() !== 'eventsource')
      sizes.push(
        response
          .request()
          .sizes()
          .then(({ responseBodySize }) => responseBodySize),
      )
  })
  await page.goto(address)
  await page.waitForFunction(() => window.noted.ready !== null)
  const { framed, ready } = await page.evaluate(() => window.noted)
  const gzip = (await Promise.all(scripts)).map((body) => gzipSync(body).length)
  return {
    framedMs: framed ?? Number.NaN,
    readyMs: ready ?? Number.NaN,
    gzipBytes: gzip.reduce((sum, bytes) => sum + bytes, 0),
    sentBytes: (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0),
  }
}

/** Leaps to a part of a long list: milliseconds until rows fill what is in sight, none of them a placeholder. */
export function leap(page: Page, part: number): Promise<number> {
  return page.evaluate(async (to) => {
    const box = document.querySelector('.long-list')
    if (box === null) throw new Error('no long list is there')
    const isDrawn = () => {
      const { top, bottom } = box.getBoundingClientRect()
      const seen = [...box.querySelectorAll('[data-index]')]
        .map((row) => ({ row, at: row.getBoundingClientRect() }))
        .filter(({ at }) => at.bottom > top && at.top < bottom)
      const reached = Math.max(top, ...seen.map(({ at }) => at.bottom))
      const isFilled = reached >= bottom - 2 || box.scrollTop + box.clientHeight >= box.scrollHeight - 2
      return seen.length > 0 && isFilled && seen.every(({ row }) => row.querySelector('[aria-rowindex]') !== null)
    }
    const from = performance.now()
    box.scrollTop = (box.scrollHeight - box.clientHeight) * to
    // At once it still shows what stood there before.
    do await new Promise(requestAnimationFrame)
    while (!isDrawn())
    return performance.now() - from
  }, part)
}

export interface Sweep {
  readonly mostRows: number
  readonly longestFrameMs: number
  readonly framesMs: number
  /** The longest task of the page's thread: by the clock, and what the processor worked on it. */
  readonly longestTaskMs: number
  readonly workedMs: number
}

/** Scrolls by so many pixels at each frame; what the page did meanwhile. */
export async function sweep(page: Page, frames: number, pixels: number): Promise<Sweep> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('the page is of no browser')
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
  const swept = await sweptBy(page, frames, pixels)
  return { ...swept, ...longestTask((await browser.stopTracing()).toString()) }
}

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  dur?: number
  /** Microseconds that the processor worked. */
  tdur?: number
}

/** Tasks of the thread that lays pages out. A machine that does something else makes each long by the clock, and none by what it worked. */
function longestTask(trace: string): Pick<Sweep, 'longestTaskMs' | 'workedMs'> {
  const events: TraceEvent[] = JSON.parse(trace).traceEvents
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const pages = new Set(events.filter(({ name }) => name === 'UpdateLayoutTree').map(threadOf))
  const tasks = events.filter((one) => one.ph === 'X' && one.name.endsWith('RunTask') && pages.has(threadOf(one)))
  if (tasks.length === 0) throw new Error('the trace names no task of the page')
  return {
    longestTaskMs: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1_000,
    workedMs: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000,
  }
}

function sweptBy(page: Page, frames: number, pixels: number) {
  return page.evaluate(
    async ([count, by]) => {
      const box = document.querySelector('.long-list')
      if (box === null || count === undefined || by === undefined) throw new Error('no long list is there')
      const gaps: number[] = []
      let [before, mostRows] = [performance.now(), 0]
      for (let frame = 0; frame < count; frame += 1) {
        box.scrollTop += by
        await new Promise(requestAnimationFrame)
        const now = performance.now()
        gaps.push(now - before)
        before = now
        mostRows = Math.max(mostRows, box.querySelectorAll('[data-index]').length)
      }
      return {
        mostRows,
        longestFrameMs: Math.max(...gaps),
        framesMs: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
      }
    },
    [frames, pixels],
  )
}

/** Bytes that the page's scripts hold, after what nobody holds was taken away. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  await session.detach()
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN
}
