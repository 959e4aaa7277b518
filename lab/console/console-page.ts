import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page, Response } from 'playwright-core'
import { expect } from 'vitest'
import { textBoxScript } from './text-boxes.ts'

const pictures = process.env.UPKEEP_SCREENSHOTS ?? join(tmpdir(), 'upkeep-screenshots')

/** A page of the console, and what the browser said while it was open. */
export interface ConsolePage {
  readonly page: Page
  /** Errors of the page, of the console, of the content security policy. */
  readonly complaints: string[]
  /** Addresses that are not of this server. */
  readonly elsewhere: string[]
  /** Scripts that were loaded. */
  readonly scripts: Response[]
}

/** Opens an address in a browser profile of its own. Nothing moves, so that nothing is looked at half-way. */
export async function openPage(browser: Browser, address: string): Promise<ConsolePage> {
  // A browser on a bare server has no language of its own.
  const context = await browser.newContext({ viewport: wide, reducedMotion: 'reduce', locale: 'en-GB' })
  // Whatever runs that is not ours leaves a mark, and what the policy stopped is told.
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`the policy stopped ${violatedDirective} ${blockedURI}`),
    )
  })
  const page = await context.newPage()
  page.setDefaultTimeout(45_000)
  const opened: ConsolePage = { page, complaints: [], elsewhere: [], scripts: [] }
  const { origin } = new URL(address)
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) opened.complaints.push(message.text())
  })
  page.on('pageerror', (error) => opened.complaints.push(error.message))
  page.on('dialog', (dialog) => {
    opened.complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !url.startsWith('blob:')) opened.elsewhere.push(url)
  })
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') opened.scripts.push(response)
  })
  await page.goto(address)
  return opened
}

const wide = { width: 1_200, height: 900 }
const narrow = { width: 360, height: 780 }
const paper = [{ name: 'paper', colorScheme: 'light', size: { width: 794, height: 1_123 } }] as const
const looks = [
  { name: 'light', colorScheme: 'light', size: wide },
  { name: 'dark', colorScheme: 'dark', size: wide },
  { name: 'narrow', colorScheme: 'light', size: narrow },
] as const

/**
 * Looks at what is shown, in light, dark and on a narrow screen: every text inside its box and beside the others, nothing to scroll sideways,
 * nothing that axe finds serious. Leaves a picture of each.
 */
export async function looksRight(
  { page }: ConsolePage,
  name: string,
  media: 'screen' | 'print' = 'screen',
): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  for (const { name: look, colorScheme, size } of media === 'print' ? paper : looks) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce', media })
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
    await page.evaluate(layoutStands)
    await page.evaluate(() => window.scrollTo(0, 0))
    await page.screenshot({ path: join(pictures, `${name}-${look}.png`), fullPage: true })
    const where = `${name}, ${look}`
    // A page on which nothing stands has nothing wrong with it either.
    expect.soft(await page.getByRole('heading', { level: 1, includeHidden: true }).count(), where).toBe(1)
    expect.soft(await page.evaluate<string[]>(textBoxScript()), where).toEqual([])
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(size.width)
    expect.soft(await page.evaluate(emptyStretch), where).toBeLessThan(mostEmpty)
    expect.soft(await page.evaluate(looseRows), where).toEqual([])
    // A narrow page has the colours and roles of a wide one, a dark one its roles.
    const rules = look === 'dark' ? ofColours : []
    if (look !== 'narrow') expect.soft(await seriousFaults(page, rules), where).toEqual([])
  }
  await page.setViewportSize(wide)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce', media: 'screen' })
}

/** Waits until nothing moves any more: what is measured again for another width is drawn in a frame after. Runs in the page. */
async function layoutStands(): Promise<void> {
  const places = () =>
    [...document.querySelectorAll('main *')].map((one) => Math.round(one.getBoundingClientRect().top)).join()
  for (let [before, now, turns] = ['', places(), 0]; before !== now && turns < 40; turns += 1) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 40)))
    before = now
    now = places()
  }
}

/** Rows of long lists that stand apart from the row before them, or over it. Runs in the page. */
function looseRows(): string[] {
  return [...document.querySelectorAll('.long-list')].flatMap((list) => {
    const rows = [...list.querySelectorAll('[data-index]')].map((row) => [row, row.getBoundingClientRect()] as const)
    return rows.flatMap(([row, { top }], at) => {
      const gap = top - (rows[at - 1]?.[1].bottom ?? top)
      return Math.abs(gap) > 2 ? [`${gap} px before ${row.textContent?.slice(0, 60)}`] : []
    })
  })
}

/** Half a screen, and a little. */
const mostEmpty = 600

/** The highest stretch of the page, in pixels, in which nothing is drawn between two things that are. Runs in the page. */
function emptyStretch(): number {
  const main = document.querySelector('main')
  const boxes = [...(main?.querySelectorAll('*') ?? [])]
    .filter((one) => one.children.length === 0 && one.checkVisibility())
    .map((one) => one.getBoundingClientRect())
    .filter(({ width, height }) => width > 0 && height > 0)
    .toSorted((one, other) => one.top - other.top)
  let [reached, empty] = [boxes[0]?.top ?? 0, 0]
  for (const { top, bottom } of boxes) {
    empty = Math.max(empty, top - reached)
    reached = Math.max(reached, bottom)
  }
  return empty
}

interface AxeResult {
  violations: { id: string; impact: string | null; nodes: { html: string; any: { message: string }[] }[] }[]
}

const ofColours = ['color-contrast', 'link-in-text-block'] as const

/** What axe calls serious or critical, by its rules for WCAG 2.2 AA and its own; or by some of its rules. */
export async function seriousFaults(page: Page, rules: readonly string[] = []): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const asked = { resultTypes: ['violations'], ...(rules.length > 0 && { runOnly: rules }) }
  const { violations } = await page.evaluate<AxeResult>(`axe.run(${JSON.stringify(asked)})`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 5).map(({ html, any }) => `${id}: ${html.slice(0, 200)} ${any[0]?.message ?? ''}`),
    )
}
