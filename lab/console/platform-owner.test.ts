import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { upkeep, writeFiles } from '../e2e/installation.ts'
import { scan } from '../e2e/product.ts'
import { asThePage } from './as-the-page.ts'
import { looksRight } from './console-page.ts'
import { inBrowser } from './in-browser.ts'
import { fleetYaml, writeFleetHomes } from './incident-home.ts'
import { addPasskey } from './virtual-passkey.ts'

const machines = 12

function prepare(home: string): void {
  const own = { own: { command: 'npx', args: ['-y', 'mcp-remote@0.1.37', 'https://own.example.com/mcp'] } }
  writeFiles(home, {
    'upkeep.yaml': fleetYaml(new Date()),
    '.cursor/mcp.json': JSON.stringify({ mcpServers: own }, null, 2),
  })
  writeFleetHomes(join(home, 'homes'), machines)
}

/** What of P5's first ten minutes needs no gateway, people or tenancy; signing in with the company's provider is walked in team.test.ts. */
inBrowser('the owner of a platform', prepare, (at) => {
  const homes = () => join(at.served.installation.home, 'homes')
  const fileOf = (machine: string) => readFileSync(join(homes(), machine, '.cursor/mcp.json'), 'utf8')
  beforeAll(async () => {
    await scan(at.served.installation, ['--homes', homes()], { cwd: at.served.installation.home })
    await addPasskey(at.page, at.served.origin)
  })

  test('every machine is there, what each starts, and one question says who has mcp-remote below 0.1.16', async () => {
    await at.goto('/fleet')
    await at.page.getByText(`${2 * machines} rows`).waitFor()
    await at.page.getByLabel('A package, with a version if you like').fill('mcp-remote@<0.1.16')
    await at.page.keyboard.press('Enter')
    await at.page.getByText(`6 of ${2 * machines} servers have it`).waitFor()
    const held = await at.page.getByText(/^npm:mcp-remote /).allInnerTexts()
    expect(held.map((text) => text.replace(' (declared)', '')).sort()).toEqual(
      ['0.1.12', '0.1.12', '0.1.12', '0.1.15', '0.1.15', '0.1.15'].map((version) => `npm:mcp-remote ${version}`),
    )
    await looksRight(at.opened, 'fleet-of-machines')
  })

  test('a change is planned in three rings; the first is approved, and the freeze in the calendar holds it', async () => {
    const words = ['rollout', 'fs', '--homes', homes(), '--reason', 'the fix of the file server']
    const planned = await upkeep(at.served.installation, words, { cwd: at.served.installation.home })
    // All of it is planned; nobody is at the terminal who could approve the first.
    expect(planned.stderr).toContain('waits for the approval of a person')
    const { changes } = Object((await asThePage(at.page, 'changes')).answer) as {
      changes: { plan: { ring: { name: string; homes: string[] } } }[]
    }
    const rings = changes.map(({ plan }) => [plan.ring.name, plan.ring.homes.length])
    expect(Object.fromEntries(rings)).toEqual({ canary: 1, part: 2, all: machines - 3 })
    await at.goto('/changes')
    for (const ring of ['ring 2 of 3, part', 'ring 3 of 3, all']) await at.page.getByText(ring).waitFor()
    await looksRight(at.opened, 'changes-in-rings')
    await at.page.getByRole('link', { name: 'ring 1 of 3, canary' }).click()
    await at.button(/^Approve: /).click()
    await at.page.getByText('signed with a passkey of theirs').waitFor()
    const before = fileOf('m01')
    await at.button('Make it now').click()
    await at.page
      .getByText(/holidays/)
      .first()
      .waitFor()
    await looksRight(at.opened, 'ring-frozen')
    expect(fileOf('m01')).toBe(before)
    await at.goto('/calendar')
    await at.page.getByText('holidays', { exact: true }).waitFor()
    await looksRight(at.opened, 'calendar-frozen')
  })

  test('a ring is held until the one before it is done, whoever approves it', async () => {
    await at.goto('/changes')
    await at.page.getByRole('link', { name: 'ring 2 of 3, part' }).click()
    await at.button(/^Approve: /).click()
    await at.page.getByText('signed with a passkey of theirs').waitFor()
    await at.button('Make it now').click()
    await at.page
      .getByText(/ring "canary"/)
      .first()
      .waitFor()
    expect(fileOf('m02')).toContain('server-filesystem@2025.3.28')
  })

  test('in observe mode what is not as it was written down is said, and nothing is set back', async () => {
    const { installation } = at.served
    const cwd = installation.home
    const said = await upkeep(installation, ['import'], { cwd })
    expect(said.exitCode, said.stderr).toBe(0)
    const file = join(cwd, '.cursor/mcp.json')
    const altered = readFileSync(file, 'utf8').replace('0.1.37', '0.1.12')
    writeFileSync(file, altered)
    const { answer: enforced } = await asThePage(at.page, 'enforce', {})
    expect(enforced).toMatchObject({
      violations: [{ server: 'own', mode: 'observe', done: 'said', change: null }],
    })
    expect(readFileSync(file, 'utf8')).toBe(altered)
  })

  test('nothing was asked of anybody else', () => {
    expect(at.opened.elsewhere).toEqual([])
  })
})
