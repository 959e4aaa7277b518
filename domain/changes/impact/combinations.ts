import type { Combination } from '@upkeep/contract/impact-sheet'
import { isRecord } from '../../is-record.ts'
import { printable } from '../../printable.ts'
import type { ServerModel } from './server-model.ts'

/** What a server brings into the reach of whoever writes what a model reads. */
export interface Reach {
  readonly untrusted: boolean
  readonly private: boolean
  readonly outbound: boolean
}

const fetching = new Set([
  'fetch',
  'browse',
  'browser',
  'crawl',
  'scrape',
  'search',
  'web',
  'http',
  'puppeteer',
  'playwright',
  'firecrawl',
  'tavily',
  'exa',
  'brave',
])
const shared = new Set([
  'github',
  'gitlab',
  'slack',
  'jira',
  'linear',
  'notion',
  'discord',
  'mail',
  'gmail',
  'outlook',
  'email',
  'confluence',
  'zendesk',
  'intercom',
  'sentry',
  'drive',
  'gdrive',
])
const stores = new Set([
  'filesystem',
  'postgres',
  'sqlite',
  'mysql',
  'mongodb',
  'redis',
  'memory',
  'git',
  'obsidian',
  's3',
  'kubernetes',
  'vault',
])
const addressed = new Set(['url', 'uri', 'href', 'webhook', 'endpoint', 'address'])

/**
 * What a server can do in a conversation, by its package, the folders and credentials that its entry gives it, and the tools that it
 * listed. A guess that errs on the side of reach: what nobody knows of a server is not counted as harmless where its entry names a remote.
 */
export function reachOf({ declared, integrations, surface }: ServerModel): Reach {
  const words = new Set(wordsOf(packageOf(declared)))
  const tools = surface?.tools ?? []
  const takesAddress = tools.some((tool) => asksForAddress(tool.inputSchema))
  const has = (set: ReadonlySet<string>) => [...words].some((word) => set.has(word))
  const remote = declared.transport === 'http' || declared.transport === 'sse'
  const elsewhere = remote || (integrations?.destinations.length ?? 0) > 0
  const holdsSecret = (integrations?.credentials.length ?? 0) > 0
  return {
    untrusted: has(fetching) || has(shared) || takesAddress || remote,
    private: has(stores) || has(shared) || holdsSecret || (integrations?.dataRoots.length ?? 0) > 0,
    outbound: has(fetching) || has(shared) || takesAddress || elsewhere,
  }
}

/** The clients whose servers together bring in untrusted text, hold private data and have a way out. */
export function combinationsOf(models: readonly ServerModel[]): Combination[] {
  const byClient = Map.groupBy(
    models.filter(({ declared }) => !declared.disabled),
    ({ declared }) => JSON.stringify([declared.client, declared.path, declared.project]),
  )
  return [...byClient]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, servers]) => {
      const [first] = servers
      if (first === undefined) return []
      const { client, path } = first.declared
      const named = (which: keyof Reach) =>
        servers
          .filter((one) => reachOf(one)[which])
          .map(({ declared }) => printable(declared.name))
          .sort()
      const found = {
        client,
        path,
        untrusted: named('untrusted'),
        private: named('private'),
        outbound: named('outbound'),
      }
      const whole = found.untrusted.length > 0 && found.private.length > 0 && found.outbound.length > 0
      return whole ? [found] : []
    })
}

/** Combinations that are there now and were not, or that a further server has joined. */
export function newCombinations(was: readonly ServerModel[], is: readonly ServerModel[]): Combination[] {
  const before = new Map(combinationsOf(was).map((one) => [keyOf(one), one]))
  const unlisted = new Set(was.flatMap(({ id, surface }) => (surface === null ? [id] : [])))
  // What was not listed before may have been there all the time: it is not called new.
  const comparable = is.map((one) => (unlisted.has(one.id) ? { ...one, surface: null } : one))
  return combinationsOf(comparable).filter((one) => {
    const earlier = before.get(keyOf(one))
    if (earlier === undefined) return true
    return (['untrusted', 'private', 'outbound'] as const).some((part) =>
      one[part].some((name) => !earlier[part].includes(name)),
    )
  })
}

function keyOf({ client, path }: Combination): string {
  return JSON.stringify([client, path])
}

function packageOf({ launch, url, name }: ServerModel['declared']): string {
  if ('name' in launch) return launch.name
  if (launch.via === 'docker' || launch.via === 'podman') return launch.image
  if (launch.via === 'node' || launch.via === 'python' || launch.via === 'bun' || launch.via === 'deno')
    return `${launch.script ?? launch.module ?? ''} ${name}`
  return url ?? name
}

function wordsOf(text: string): string[] {
  return (
    text
      .slice(0, 2_000)
      .toLowerCase()
      .match(/[a-z0-9]{1,40}/g) ?? []
  )
}

function asksForAddress(schema: unknown): boolean {
  const properties = isRecord(schema) && isRecord(schema.properties) ? Object.keys(schema.properties) : []
  return properties
    .slice(0, 100)
    .some((name) => wordsOf(name.replace(/([a-z])([A-Z])/g, '$1 $2')).some((word) => addressed.has(word)))
}
