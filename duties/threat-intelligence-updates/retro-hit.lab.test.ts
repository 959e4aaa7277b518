import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Installation, newInstallation, removeInstallation, writeFiles } from '../../lab/e2e/installation.ts'
import { scan } from '../../lab/e2e/product.ts'
import { storedFindings } from '../../lab/e2e/state-database.ts'

/** The installed product, from the day on which the package was there to the day on which its record is published. */
const config = '.config/Claude/claude_desktop_config.json'
const spec = 'mail-helper@1.0.16'
const cache = `.npm/_npx/${npxCacheKey([spec])}`
const canary = 'canary-0123456789-of-mail'
const entry = { command: 'npx', args: ['-y', spec], env: { MAIL_TOKEN: canary } }
const other = { command: 'npx', args: ['-y', 'other-helper@1.0.0'] }
const record = {
  id: 'MAL-2026-9001',
  modified: '2026-11-21T00:00:00Z',
  summary: 'sends every mail to a second address',
  affected: [{ package: { ecosystem: 'npm', name: 'mail-helper' }, versions: ['1.0.16'] }],
}

let installation: Installation
beforeAll(() => {
  installation = newInstallation()
})
afterAll(() => removeInstallation(installation))

const home = (files: Record<string, unknown>) =>
  writeFiles(
    installation.home,
    Object.fromEntries(Object.entries(files).map(([path, value]) => [path, JSON.stringify(value)])),
  )
const on = (day: string) => scan(installation, [], { env: { UPKEEP_SIMULATED_CLOCK: `${day}T06:00:00.000Z` } })
const hits = () => storedFindings(installation).filter((one) => one.statement.rule === 'malicious-package-was-here')

test('a package that was removed twenty days before its record was published is found, with its window and what it could read', async () => {
  home({
    [config]: { mcpServers: { mail: entry, other } },
    [`${cache}/package.json`]: { dependencies: { 'mail-helper': '1.0.16' } },
    [`${cache}/node_modules/mail-helper/package.json`]: { name: 'mail-helper', version: '1.0.16' },
  })
  await on('2026-10-20')
  await on('2026-11-02')
  home({ [config]: { mcpServers: { other } } })
  await on('2026-11-03')
  expect(hits()).toEqual([])
  writeFiles(installation.cwd, {
    'upkeep.yaml': 'version: 1\nfeeds:\n  osv: [record.json]\n',
    'record.json': JSON.stringify(record),
  })
  const { stdout } = await on('2026-11-22')
  expect(hits()).toMatchObject([
    {
      statement: {
        facts: {
          advisory: 'MAL-2026-9001',
          windows: [
            {
              name: 'mail',
              firstSeenAt: '2026-10-20T06:00:00.000Z',
              lastSeenAt: '2026-11-02T06:00:00.000Z',
              credentials: [{ where: 'env MAIL_TOKEN', kind: expect.any(String) }],
            },
          ],
        },
      },
    },
  ])
  expect(stdout).toContain('mail-helper 1.0.16 is malicious; at mail from 2026-10-20')
  expect(JSON.stringify(hits())).not.toContain(canary)
  await on('2026-11-23')
  expect(hits()).toHaveLength(1)
})
