import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { chromiumHere } from '../chromium.ts'
import { type ConsolePage, openPage } from './console-page.ts'
import { buildConsole, type ServedConsole, type ServeOptions, serveConsole } from './served-console.ts'

const options = await chromiumHere()

/** A console that is served for the tests of one file, and a browser in which it stands open. All of it is there while tests run. */
export interface InBrowser {
  readonly browser: Browser
  readonly served: ServedConsole
  /** What its link opened, or its first page where people sign in. */
  readonly opened: ConsolePage
  readonly page: Page
  /** Opens an address of the console. */
  goto(path: string): Promise<unknown>
  button(name: string | RegExp): ReturnType<Page['getByRole']>
  heading(name: string | RegExp): ReturnType<Page['getByRole']>
  /** Looks at the home for the first time, as a person does. */
  lookFirst(): Promise<void>
}

/** Tests in a real browser, one for all of them; skipped by name where no Chromium can be started. */
export function withChromium(title: string, tests: (launched: () => Browser) => void): void {
  describe.skipIf(options === null)(`${title} (needs Chromium: CHROMIUM_PATH)`, { timeout: 180_000 }, () => {
    let browser: Browser | null = null
    beforeAll(async () => {
      browser = await chromium.launch(options ?? {})
    }, 60_000)
    afterAll(() => browser?.close())
    tests(() => {
      if (browser === null) throw new Error('the browser is there while tests run')
      return browser
    })
  })
}

/**
 * Tests in a real browser over a console of their own.
 * @param prepare Writes what is in the home before it is served.
 */
export function inBrowser(
  title: string,
  prepare: (home: string) => void | Promise<void>,
  tests: (at: InBrowser) => void,
  asked: ServeOptions = {},
): void {
  withChromium(title, (launched) => {
    let there: Pick<InBrowser, 'served' | 'opened'> | null = null
    beforeAll(async () => {
      buildConsole()
      const served = await serveConsole(prepare, asked)
      there = { served, opened: await openPage(launched(), served.link ?? served.origin) }
    }, 300_000)
    afterAll(() => there?.served.stop())
    tests(
      partsOf(() => {
        if (there === null) throw new Error('the console stands open while tests run')
        return { browser: launched(), ...there }
      }),
    )
  })
}

function partsOf(now: () => Pick<InBrowser, 'browser' | 'served' | 'opened'>): InBrowser {
  const page = () => now().opened.page
  return {
    get browser() {
      return now().browser
    },
    get served() {
      return now().served
    },
    get opened() {
      return now().opened
    },
    get page() {
      return page()
    },
    goto: (path) => page().goto(`${now().served.origin}${path}`),
    button: (name) => page().getByRole('button', { name }),
    heading: (name) => page().getByRole('heading', { name, level: 1 }),
    async lookFirst() {
      await page().getByRole('button', { name: 'Look for the first time' }).click()
      await page().getByText('servers in').waitFor({ timeout: 60_000 })
    },
  }
}
