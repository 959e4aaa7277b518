import { createHash } from 'node:crypto'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeTar } from '../archives/write-tar.ts'
import { type Running, serve } from '../servers/loopback.ts'
import { github } from '../servers/trackers/github.ts'
import { serveTracker } from '../servers/trackers/tracker-server.ts'
import { openHook } from '../servers/webhook.ts'
import { type Installation, repository, writeFiles } from './installation.ts'

/** Whom the installation asks and tells: services on this machine. */
export interface Outside {
  /** Of npm: it has one package. */
  readonly registry: string
  readonly tarball: Buffer
  /** Where a webhook posts to. */
  readonly hook: string
  readonly tracker: string
  /** What reached them since they were emptied: tickets, and messages by their ids, since one that is sent again is no other. */
  arrived(): Record<string, number>
  empty(): void
  close(): Promise<void>
}

const manifest = JSON.stringify({ name: 'dep', version: '1.0.0', license: 'MIT' })
const code = 'module.exports = 1\n'

export async function openOutside(): Promise<Outside> {
  const [npm, hook, tracker] = await Promise.all([openRegistry(), openHook(), serveTracker(github)])
  return {
    registry: new URL(npm.running.url).origin,
    tarball: npm.tarball,
    hook: hook.url,
    tracker: tracker.url,
    arrived: () => ({
      tickets: tracker.tickets.length,
      messages: new Set(hook.posts.map(({ headers }) => headers['webhook-id'])).size,
    }),
    empty() {
      tracker.tickets.length = 0
      hook.posts.length = 0
    },
    async close() {
      await Promise.all([npm.running.close(), hook.close(), tracker.close()])
    },
  }
}

async function openRegistry(): Promise<{ running: Running; tarball: Buffer }> {
  const files = { 'package.json': manifest, 'index.js': code }
  const entries = Object.entries(files).map(([name, content]) => ({ path: `package/${name}`, content }))
  const tarball = gzipSync(writeTar(entries))
  const running = await serve((request, response) => {
    const isIt = request.url === '/dep/-/dep-1.0.0.tgz'
    response.writeHead(isIt ? 200 : 404).end(isIt ? tarball : '')
  })
  return { running, tarball }
}

const windsurf = '.codeium/windsurf/mcp_config.json'

/** The servers, clients and settings of the installation that every write is tried on. */
export function writeInstallation(place: Installation, outside: Outside): void {
  const { home, cwd } = place
  const node = (script: string, ...more: string[]) => ({ command: 'node', args: [join(home, script), ...more] })
  const own = (mcpServers: Record<string, unknown>) => JSON.stringify({ mcpServers })
  const never = (name: string) => ({ [name]: node('server/index.js', name) })
  writeFiles(home, {
    '.cursor/mcp.json': own({ ...never('plain'), runs: node('runs/index.mjs'), kept: node('kept/index.js') }),
    [windsurf]: own({ ...never('switched-off'), drifted: node('server/index.js', '/srv/data') }),
    '.claude.json': own(never('dangerous')),
    '.gemini/settings.json': own(never('proposed')),
    '.config/Claude/claude_desktop_config.json': own(never('unwanted')),
    '.config/Code/User/mcp.json': own(never('made')).replace('mcpServers', 'servers'),
    '.npmrc': `registry=${outside.registry}/\n`,
    'server/package.json': '{"name":"server","version":"1.0.0"}',
    'server/index.js': 'console.log("never started")',
    ...runnable,
    ...dependent(outside.tarball),
    ...Object.fromEntries(homes.map((name) => [`homes/${name}/.cursor/mcp.json`, own(never('theirs'))])),
  })
  // Others can come as far as the files and write there: that is a finding, and what a rollout mends.
  for (const folder of ['..', '.', 'homes', ...homes.flatMap((name) => [`homes/${name}`, `homes/${name}/.cursor`])])
    chmodSync(join(home, folder), 0o755)
  for (const name of homes) chmodSync(join(home, 'homes', name, '.cursor', 'mcp.json'), 0o666)
  const sarif = { version: '2.1.0', runs: [{ tool: { driver: { name: 'other' } }, results: [] }] }
  writeFiles(cwd, { 'upkeep.yaml': JSON.stringify(settingsFor(outside)), 'other.sarif': JSON.stringify(sarif) })
}

/** More duties are adopted, and were never run: they are due. */
export function adoptMore({ cwd }: Installation, outside: Outside): void {
  writeFiles(cwd, { 'upkeep.yaml': JSON.stringify({ ...settingsFor(outside), profile: 'team' }) })
}

/** From now on changes get tickets; those that are open have none yet. */
export function trackTickets({ home, cwd }: Installation, outside: Outside): void {
  const token = join(home, 'tracker-token')
  writeFileSync(token, 'github-token', { mode: 0o600 })
  const tickets = [{ name: 'it', github: 'example/mcp', at: outside.tracker, token: `file:${token}`, when: {} }]
  writeFiles(cwd, { 'upkeep.yaml': JSON.stringify({ ...settingsFor(outside), tickets }) })
}

/** Makes one server differ from the state that was signed. */
export function drift({ home }: Installation): void {
  const path = join(home, windsurf)
  writeFileSync(path, readFileSync(path, 'utf8').replace('/srv/data', '/'))
}

const homes = ['home-01', 'home-02']

/** A real server without any dependency. */
const runnable = {
  'runs/package.json': '{"name":"runs","version":"1.0.0","type":"module"}',
  'runs/stdio-server.mjs': readFileSync(join(repository, 'lab/fleet/fixture-servers/stdio-server.mjs'), 'utf8'),
  'runs/index.mjs': `import { serve, strings } from './stdio-server.mjs'
const say = { name: 'say', description: 'Says it.', inputSchema: strings('what'), run: ({ what }) => what }
serve({ name: 'runs', version: '1.0.0', tools: () => [say] })
`,
}

/** A server with one package, installed as npm leaves it. */
function dependent(tarball: Buffer): Record<string, string> {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const packages = { 'node_modules/dep': { version: '1.0.0', integrity } }
  return {
    'kept/package.json': '{"name":"kept","version":"1.0.0","license":"MIT","dependencies":{"dep":"1.0.0"}}',
    'kept/index.js': 'require("dep")\n',
    'kept/node_modules/dep/package.json': manifest,
    'kept/node_modules/dep/index.js': code,
    'kept/node_modules/.package-lock.json': JSON.stringify({ packages }),
  }
}

const settingsFor = ({ hook }: Outside) => ({
  version: 1,
  people: [{ id: 'ada', name: 'Ada', roles: ['admin', 'operator', 'reviewer', 'approver'] }],
  windows: [
    {
      name: 'sunday',
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      at: '02:00',
      zone: 'Europe/Berlin',
      duration: 'PT2H',
      servers: ['elsewhere'],
    },
  ],
  freezes: [{ why: 'audit', from: '2035-01-01T00:00:00Z', until: '2035-01-02T00:00:00Z' }],
  rings: [
    { name: 'canary', homes: ['home-01'], soakMinutes: 0 },
    { name: 'all', soakMinutes: 0 },
  ],
  modes: [{ mode: 'enforce', servers: ['drifted'] }],
  outgoing: { inner: ['127.0.0.1'] },
  notify: [{ name: 'hook', webhook: hook, about: ['change-not-made'] }],
})
