import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Hook, openHook } from '@upkeep/lab/servers/webhook'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { emergencyGrounds } from './emergency-grounds.ts'
import { findings } from './findings.ts'
import { inbox } from './inbox.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { upkeep } from './scan.ts'

const feeds = join(import.meta.dirname, '../../lab/feeds')
const day = 86_400
const another = 'CVE-2021-44228'

let hook: Hook
beforeEach(async () => {
  hook = await openHook()
})
afterEach(() => hook.close())

/** In each home one client with these entries. */
function homesWith(product: TestProduct, homes: Record<string, Record<string, string>>): void {
  for (const [home, entries] of Object.entries(homes)) {
    const servers = Object.entries(entries).map(([name, spec]) => [name, { command: 'npx', args: ['-y', spec] }])
    product.write(`homes/${home}/.cursor/mcp.json`, JSON.stringify({ mcpServers: Object.fromEntries(servers) }))
  }
}

/** A folder of homes and a feed in which nobody exploits mcp-remote yet. */
function fleet(): TestProduct {
  const product = testProduct()
  product.write(
    'upkeep.yaml',
    `version: 1
profile: team
feeds: { sources: [{ path: feed/osv, maxAgeDays: 3650 }, { path: feed/kev.json, maxAgeDays: 3650 }] }
outgoing: { inner: [127.0.0.1] }
notify: [{ name: pager, webhook: '${hook.url}', about: [emergency-asked] }]
`,
  )
  cpSync(join(feeds, 'second-edition/osv'), join(product.home, 'feed/osv'), { recursive: true })
  product.write('feed/kev.json', kev([another]))
  return product
}

function kev(cves: readonly string[]): string {
  const vulnerabilities = cves.map((cveID) => ({
    ...{ cveID, vendorProject: 'practice', product: 'practice', vulnerabilityName: 'practice' },
    ...{ dateAdded: '2026-11-22', shortDescription: 'practice', requiredAction: 'Update.', dueDate: '2026-12-13' },
    ...{ knownRansomwareCampaignUse: 'Unknown', notes: '' },
  }))
  return JSON.stringify({
    title: 'practice',
    catalogVersion: '2026.11.22',
    dateReleased: '2026-11-22T15:00:00.0000Z',
    count: cves.length,
    vulnerabilities,
  })
}

async function cycle(product: TestProduct): Promise<void> {
  product.clock.advance(day)
  await product.run(upkeep, { unattended: true, homes: [join(product.home, 'homes')] })
}

const asked = async (product: TestProduct) =>
  (await product.run(inbox)).output.items.filter(({ kind }) => kind === 'emergency')

/** Home, server, version, and whether it is there now. */
function placesOf(
  affected: readonly { server: string; name: string; part: string | null; until: string | null }[] = [],
) {
  return affected
    .map(({ server, name, part, until }) => {
      const home = /homes\/([a-z]+)\//.exec(server)?.[1]
      return `${home} ${name} ${part?.replace('npm mcp-remote ', '')} ${until === null ? 'now' : `until ${until.slice(0, 10)}`}`
    })
    .sort()
}

test('what enters the list of the exploited is asked about within one cycle, with exactly those that have it or had it', async () => {
  const product = fleet()
  homesWith(product, {
    ann: { crm: 'mcp-remote@0.1.15', files: '@modelcontextprotocol/server-filesystem@2026.1.14' },
    ben: { crm: 'mcp-remote@0.1.15' },
    cat: { crm: 'mcp-remote@0.1.38' },
    dan: { files: '@modelcontextprotocol/server-filesystem@2026.1.14' },
  })
  await cycle(product)
  // Ben goes to a version without the hole, a week before anybody exploits it.
  homesWith(product, { ben: { crm: 'mcp-remote@0.1.38' } })
  await cycle(product)
  expect(await asked(product)).toEqual([])
  expect(hook.told()).toEqual([])
  product.clock.advance(6 * day)
  product.write('feed/kev.json', kev([another, 'CVE-2025-6514']))
  await cycle(product)
  const questions = await asked(product)
  expect(questions).toHaveLength(1)
  expect(questions[0]?.question).toContain('CVE-2025-6514')
  expect(placesOf(questions[0]?.affected)).toEqual(['ann crm 0.1.15 now', 'ben crm 0.1.15 until 2026-11-23'])
  expect(questions[0]?.why).toContain('had it until 2026-11-23 at least: crm: npm mcp-remote 0.1.15')
  const notices = hook.told()
  expect(notices).toMatchObject([
    { event: 'emergency-asked', change: null, title: expect.stringContaining('CVE-2025-6514') },
  ])
  expect(notices[0]?.details).toHaveLength(2)
  // The command that it names is about the same servers.
  await product.within(async (context) => {
    const grounds = await emergencyGrounds(context, await context.store(), questions[0]?.about ?? '')
    expect(placesOf(grounds.affected)).toEqual(placesOf(questions[0]?.affected))
  })
  await cycle(product)
  expect(hook.told()).toHaveLength(1)
})

test('another vulnerability in that list asks nothing here', async () => {
  const product = fleet()
  homesWith(product, { ann: { crm: 'mcp-remote@0.1.15' } })
  await cycle(product)
  expect((await product.run(findings)).output.findings.length).toBeGreaterThan(0)
  expect(await asked(product)).toEqual([])
  expect(hook.told()).toEqual([])
})

test('where no list of the exploited is at hand it is asked too, and says that this is why', async () => {
  const product = fleet()
  homesWith(product, { ann: { crm: 'mcp-remote@0.1.15' } })
  rmSync(join(product.home, 'feed/kev.json'))
  await cycle(product)
  expect(await asked(product)).toMatchObject([{ why: expect.stringContaining('no list of the exploited at hand') }])
})
