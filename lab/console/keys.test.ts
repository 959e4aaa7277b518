import { beforeAll, expect, test } from 'vitest'
import { writeLongHome } from './console-home.ts'
import { inBrowser } from './in-browser.ts'

const servers = 400

inBrowser(
  'the console by keyboard, over many servers',
  (home) => writeLongHome(home, servers),
  (at) => {
    beforeAll(() => at.lookFirst())

    const focused = () => at.page.evaluate(() => document.activeElement?.getAttribute('href') ?? '')

    test('a long list draws few rows, and the last one is reached', async () => {
      await at.page.keyboard.press('g')
      await at.page.keyboard.press('f')
      await at.heading('Fleet').waitFor()
      const table = at.page.getByRole('table', { name: 'servers' })
      expect(await table.getAttribute('aria-rowcount')).toBe(String(servers + 1))
      expect(await table.getByRole('row').count()).toBeLessThan(60)
      await table.evaluate((box) => box.scrollTo(0, box.scrollHeight))
      await at.page.getByRole('link', { name: `server-0${servers - 1}` }).waitFor()
      expect(await table.getByRole('row').count()).toBeLessThan(60)
      // The head of the list stays in sight.
      expect(await table.getByRole('columnheader').first().isVisible()).toBe(true)
      const [head, box] = await Promise.all([
        table.getByRole('columnheader').first().boundingBox(),
        table.boundingBox(),
      ])
      expect((head?.y ?? 0) - (box?.y ?? 0)).toBeLessThan(20)
    })

    test('/ searches, j and k move, Enter opens, g and a letter goes', async () => {
      await at.page.keyboard.press('/')
      await at.page.keyboard.type('server-0123')
      await at.page.getByText('1 row', { exact: true }).waitFor()
      await at.page.getByLabel('Search servers').fill('server-012')
      await at.page.getByText('10 rows').waitFor()
      await at.page.getByLabel('Search servers').blur()
      await at.page.keyboard.press('j')
      expect(await focused()).toBe('/fleet/server-0120')
      await at.page.keyboard.press('j')
      expect(await focused()).toBe('/fleet/server-0121')
      await at.page.keyboard.press('k')
      expect(await focused()).toBe('/fleet/server-0120')
      await at.page.keyboard.press('Enter')
      await at.heading('server-0120').waitFor()
      for (const [letter, name] of [
        ['t', 'Today'],
        ['n', 'Findings'],
        ['c', 'Changes'],
        ['l', 'Calendar'],
        ['e', 'Evidence'],
        ['s', 'Settings'],
      ] as const) {
        await at.page.keyboard.press('g')
        await at.page.keyboard.press(letter)
        await at.heading(name).waitFor()
      }
    })

    test('a long list of findings draws few rows, and asks for the pages that are in sight alone', async () => {
      const asked: string[] = []
      at.page.on('request', (request) => {
        const { pathname, searchParams } = new URL(request.url())
        if (pathname === '/api/v1/findings') asked.push(`${searchParams.get('offset')}+${searchParams.get('count')}`)
      })
      // Opened anew: nothing is kept from before.
      await at.page.goto(`${at.served.origin}/findings`)
      const table = at.page.getByRole('table', { name: 'findings' })
      const total = Number(await table.getAttribute('aria-rowcount')) - 1
      expect(total).toBeGreaterThan(300)
      await table.getByRole('link').first().waitFor()
      expect(asked).toEqual(['0+100'])
      expect(await table.getByRole('row').count()).toBeLessThan(60)
      // Rows are as high as what they say, which shows when they are drawn: the end is where scrolling goes no further.
      const end = table.locator(`[aria-rowindex="${total + 1}"]`)
      await expect
        .poll(async () => {
          await table.evaluate((box) => box.scrollTo(0, box.scrollHeight))
          return await end.count()
        })
        .toBe(1)
      expect(await table.getByRole('row').count()).toBeLessThan(60)
      // The page before the last only where the rows in sight begin there; none of those that were leapt over.
      const last = Math.floor((total - 1) / 100) * 100
      const inSight = ['0+100', `${last - 100}+100`, `${last}+100`]
      expect(asked.filter((one) => !inSight.includes(one))).toEqual([])
      expect(asked.length).toBeLessThanOrEqual(3)
    })

    test('? lists the keys, Escape closes it, and what had the focus has it again', async () => {
      await at.button('Keys').focus()
      await at.page.keyboard.press('?')
      const dialog = at.page.getByRole('dialog', { name: 'Keys' })
      await dialog.waitFor()
      await expect.poll(() => dialog.evaluate((one) => one.contains(document.activeElement))).toBe(true)
      await at.page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await expect.poll(() => at.button('Keys').evaluate((one) => one === document.activeElement)).toBe(true)
    })

    test('whatever the Tab key reaches can be seen to be reached', async () => {
      await at.page.keyboard.press('g')
      await at.page.keyboard.press('f')
      await at.heading('Fleet').waitFor()
      for (const width of [1_200, 360]) {
        await at.page.setViewportSize({ width, height: 780 })
        await at.page.evaluate(() => document.querySelector<HTMLElement>('.skip')?.focus())
        for (let step = 0; step < 25; step += 1) {
          expect(await at.page.evaluate(focusIsSeen), `step ${step} at ${width} px`).toBe('seen')
          await at.page.keyboard.press('Tab')
        }
      }
    })
  },
)

/** Whether the focus is on something that is in sight and marked. Runs in the page. */
function focusIsSeen(): string {
  const element = document.activeElement
  if (!(element instanceof HTMLElement) || element === document.body) return 'seen'
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  const box = element.getBoundingClientRect()
  const isInSight = box.right > 0 && box.left < innerWidth && box.width > 0
  const isMarked = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
  return isInSight && isMarked ? 'seen' : `not seen: ${element.outerHTML.slice(0, 200)}`
}
