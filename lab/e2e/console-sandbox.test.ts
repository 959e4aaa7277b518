import { cpSync } from 'node:fs'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { looksRight } from '../console/console-page.ts'
import { type InBrowser, inBrowser } from '../console/in-browser.ts'
import { sandboxHere } from '../servers/under-test.ts'
import { upkeep } from './installation.ts'
import { storedFindings } from './state-database.ts'

const isolates = !('state' in (await sandboxHere()))

const tests = (at: InBrowser) => {
  beforeAll(async () => {
    const { installation } = at.served
    expect((await upkeep(installation, ['scan'])).exitCode).toBe(1)
    expect((await upkeep(installation, ['accept', 'fs', '--run'])).exitCode).toBe(0)
    expect((await upkeep(installation, ['prove', 'fs'])).exitCode).toBe(1)
  }, 170_000)

  test('what a server did in the sandbox is shown turn by turn below its finding', async () => {
    const proven = storedFindings(at.served.installation).findLast(
      ({ statement }) => 'proof' in statement.facts && Object(statement.facts.proof).probe !== undefined,
    )
    await at.goto(`/findings/${proven?.statement.fingerprint}`)
    at.opened.complaints.length = 0
    await at.button('Show what was sent').click()
    await at.page.locator('.transcript').first().waitFor()
    expect(await at.page.locator('details > summary').first().textContent()).toMatch(/^ESCAPED: /)
    expect(await at.page.locator('.transcript').first().textContent()).toMatch(/tools\/call[\s\S]*upkeep-canary/)
    await looksRight(at.opened, 'sandbox-proof')
    expect([at.opened.complaints, at.opened.elsewhere]).toEqual([[], []])
  })
}

describe.skipIf(!isolates)(isolates ? 'in the sandbox' : 'in the sandbox (skipped: none here)', () => {
  inBrowser(
    'proofs of the sandbox, in a browser',
    (home) => cpSync(inject('fleet').home, home, { recursive: true }),
    tests,
  )
})
