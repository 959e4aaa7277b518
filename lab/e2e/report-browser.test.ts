import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { chromiumHere } from '../chromium.ts'
import { type Installation, newInstallation, removeInstallation } from './installation.ts'
import { scan } from './product.ts'

const options = await chromiumHere()

interface Opened {
  page: Page
  /** What the browser complained of: errors of the page, of the console, of the content security policy. */
  complaints: string[]
  /** Whatever it asked for beside the file itself. */
  requests: string[]
}

describe.skipIf(options === null)('the HTML report in a browser (needs Chromium: CHROMIUM_PATH)', () => {
  let browser: Browser
  let installation: Installation
  let full: string
  let empty: string
  beforeAll(async () => {
    installation = newInstallation(inject('fleet').home)
    full = join(installation.root, 'full.html')
    await scan(installation, ['--html', full], { cwd: inject('fleet').project })
    const nobody = newInstallation()
    empty = join(installation.root, 'empty.html')
    await scan(nobody, ['--html', empty])
    removeInstallation(nobody)
    browser = await chromium.launch(options ?? {})
  })
  afterAll(async () => {
    await browser?.close()
    removeInstallation(installation)
  })

  async function open(file: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const opened: Opened = { page, complaints: [], requests: [] }
    page.on('console', (message) => opened.complaints.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => opened.complaints.push(error.message))
    page.on('request', (request) => opened.requests.push(request.url()))
    await page.goto(pathToFileURL(file).href)
    return opened
  }

  test('it loads itself and nothing else, and nothing in it is refused', async () => {
    const { page, complaints, requests } = await open(full, 1_200)
    expect(requests).toEqual([pathToFileURL(full).href])
    expect(complaints).toEqual([])
    expect(await page.locator('script, img, link, iframe, form').count()).toBe(0)
    // The style sheet was let in by its hash: without it the body would have no colour of its own.
    expect(await page.evaluate(() => getComputedStyle(document.body).marginTop)).toBe('0px')
    await page.close()
  })

  test('a script that got in would not run', async () => {
    const { page, complaints } = await open(full, 1_200)
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "ran"'
      document.body.append(script)
      return document.title === 'ran'
    })
    expect(ran).toBe(false)
    expect(complaints.join('\n')).toContain('Content Security Policy')
    await page.close()
  })

  test.each([360, 768, 1_200])('no sideways scrolling at %i px, with everything unfolded', async (width) => {
    for (const file of [full, empty]) {
      const { page } = await open(file, width)
      await page.evaluate(() => {
        for (const one of document.querySelectorAll('details')) one.open = true
      })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(wide, file).toBeLessThanOrEqual(width)
      await page.close()
    }
  })

  test('headings go down one step at a time from one first heading', async () => {
    for (const file of [full, empty]) {
      const { page } = await open(file, 1_200)
      const levels = await page.evaluate(() =>
        [...document.querySelectorAll('h1, h2, h3, h4')].map((heading) => Number(heading.tagName[1])),
      )
      expect(levels[0]).toBe(1)
      expect(levels.filter((level) => level === 1)).toHaveLength(1)
      expect(levels.every((level, index) => index === 0 || level - (levels[index - 1] ?? 0) <= 1)).toBe(true)
      await page.close()
    }
  })

  test('every link leads to a place in the page, and following one shows it', async () => {
    const { page } = await open(full, 1_200)
    const dead = await page.evaluate(() =>
      [...document.querySelectorAll('a')]
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => !href.startsWith('#') || document.getElementById(href.slice(1)) === null),
    )
    expect(dead).toEqual([])
    await page.locator('article details summary').first().click()
    await page.locator('article details a[href^="#observation-"]').first().click()
    expect(await page.locator(':target').isVisible()).toBe(true)
    await page.close()
  })

  test.each(['light', 'dark'] as const)('text stands out from what is behind it, %s', async (scheme) => {
    const { page } = await open(full, 1_200, scheme)
    expect(await page.evaluate(lowestContrast)).toBeGreaterThanOrEqual(4.5)
    await page.close()
  })

  test('what needs a person stands before the list of servers', async () => {
    const { page } = await open(full, 1_200)
    const sections = await page.locator('main > section').evaluateAll((all) => all.map((one) => one.id))
    expect(sections).toEqual(['coverage', 'todo', 'unknown', 'accepted', 'passed', 'servers', 'duties', 'sources'])
    await page.close()
  })
})

/** The smallest contrast (WCAG 2) between any text that is shown and the nearest background behind it. Runs in the page. */
function lowestContrast(): number {
  function channels(colour: string): number[] {
    return (colour.match(/[\d.]+/g) ?? []).map(Number)
  }
  function luminance(colour: string): number {
    const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
      const part = value / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  function behind(element: Element | null): string {
    if (element === null) return 'rgb(255, 255, 255)'
    const colour = getComputedStyle(element).backgroundColor
    return (channels(colour)[3] ?? 1) === 0 ? behind(element.parentElement) : colour
  }
  const texts = [...document.querySelectorAll('body *')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== ''),
  )
  return texts
    .map((element) => {
      const pair = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a)
      return ((pair[0] ?? 0) + 0.05) / ((pair[1] ?? 0) + 0.05)
    })
    .reduce((lowest, one) => Math.min(lowest, one), 21)
}
