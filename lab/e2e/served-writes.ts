import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFiles } from './installation.ts'
import type { KilledServer } from './killed-server.ts'

/** What an installation is like before each write: what each needs is there, and is needed by no other. */
export interface Prepared {
  readonly finding: string
  readonly question: string
  readonly proposed: string
  readonly unwanted: string
  readonly made: string
  /** One that the person does not have yet. */
  readonly passkey: string
}

const window = { rrule: 'FREQ=WEEKLY;BYDAY=SU', at: '02:00', zone: 'Europe/Berlin', duration: 'PT2H' }
const reason = 'tried in a test'

/** What is asked of every operation that writes. */
export const writes: Readonly<Record<string, (there: Prepared) => Record<string, unknown>>> = {
  upkeep: () => ({}),
  scan: () => ({ duties: ['health-checks'] }),
  accept: ({ finding }) => ({ finding, until: '30d', reason }),
  prove: () => ({ servers: ['plain'] }),
  fix: () => ({ what: ['switched-off'], disable: true, reason }),
  undo: ({ made }) => ({ change: made, reason }),
  confine: () => ({ server: 'plain', reason }),
  changes: ({ unwanted }) => ({ change: unwanted, abandon: true, reason }),
  approve: ({ proposed }) => ({ change: proposed, reason }),
  emergency: () => ({ what: 'dangerous', reason }),
  windows: () => ({ feed: true }),
  'window.set': () => ({ name: 'another', ...window, reason }),
  'window.remove': () => ({ name: 'sunday', reason }),
  'freeze.set': () => ({ why: 'fair', from: '2036-01-01T00:00:00Z', until: '2036-01-02T00:00:00Z', reason }),
  'freeze.remove': () => ({ why: 'audit', reason }),
  rollout: () => ({ what: 'config-writable-by-others', reason }),
  surface: () => ({ server: 'plain' }),
  inbox: ({ question }) => ({ answer: 'later', id: question, until: '7d' }),
  'baseline.accept': () => ({ servers: ['plain'], reason }),
  attest: () => ({ scope: 'health-checks', statement: 'I looked', until: '30d', role: 'operator' }),
  keep: () => ({ server: 'plain' }),
  keys: ({ passkey }) => ({ passkey }),
  enforce: () => ({}),
  'results.remove': () => ({ name: 'other' }),
  profile: () => ({ profile: 'team' }),
  'notify.test': () => ({ channel: 'hook' }),
  'tickets.sync': () => ({}),
  'contract.publish': () => ({ server: 'plain' }),
  'token.revoke': () => ({ name: 'ci' }),
}

const Findings = z.looseObject({
  findings: z.array(
    z.looseObject({ finding: z.looseObject({ statement: z.looseObject({ fingerprint: z.string() }) }) }),
  ),
})
const Inbox = z.looseObject({ items: z.array(z.looseObject({ id: z.string(), kind: z.string() })) })
const Changed = z.looseObject({ change: z.looseObject({ id: z.string() }) })

/** Makes the installation that every write is tried on, and keeps it. */
export async function prepare(server: KilledServer): Promise<Prepared> {
  const { place } = server
  const script = `${place.home}/server/index.js`
  const own = (name: string) => JSON.stringify({ mcpServers: { [name]: { command: 'node', args: [script, name] } } })
  const roles = ['admin', 'operator', 'reviewer', 'approver']
  writeFiles(place.home, {
    'server/package.json': '{"name":"server","version":"1.0.0"}',
    'server/index.js': 'console.log("never started")',
    '.cursor/mcp.json': own('plain'),
    '.codeium/windsurf/mcp_config.json': own('switched-off'),
    '.claude.json': own('dangerous'),
    '.gemini/settings.json': own('proposed'),
    '.config/Claude/claude_desktop_config.json': own('unwanted'),
    '.config/Code/User/mcp.json': own('made').replace('mcpServers', 'servers'),
  })
  writeFiles(place.cwd, {
    'upkeep.yaml': JSON.stringify({
      version: 1,
      people: [{ id: 'ada', name: 'Ada', roles }],
      windows: [{ name: 'sunday', ...window, servers: ['elsewhere'] }],
      freezes: [{ why: 'audit', from: '2035-01-01T00:00:00Z', until: '2035-01-02T00:00:00Z' }],
      rings: [{ name: 'all', soakMinutes: 0 }],
      notify: [{ name: 'hook', webhook: 'https://hooks.example.com/upkeep' }],
    }),
  })
  const sarif = { version: '2.1.0', runs: [{ tool: { driver: { name: 'other' } }, results: [] }] }
  writeFiles(place.cwd, { 'other.sarif': JSON.stringify(sarif) })
  // Others can write there: that is a finding, and what a rollout mends.
  for (const folder of ['..', '.', '.cursor']) chmodSync(join(place.home, folder), 0o755)
  chmodSync(join(place.home, '.cursor', 'mcp.json'), 0o666)
  await server.run('import', 'results', 'other.sarif', '--name', 'other')
  await server.run('token', 'new', 'ci', '--role', 'viewer', '--until', '30d')
  await server.run('import')
  await server.start()
  const done = async (path: string, body: unknown) => {
    const answer = await server.order(path, body, `prepare ${path} ${JSON.stringify(body)}`.replace(/[^a-z]+/g, '-'))
    if (answer?.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`)
    return answer.body
  }
  const [first, passkey] = server.passkeys
  await done('keys', { passkey: first })
  await done('scan', {})
  const change = async (name: string, more: Record<string, unknown>) => {
    return Changed.parse(await done('fix', { what: [name], disable: true, reason, ...more })).change.id
  }
  const proposed = await change('proposed', { propose: true })
  const unwanted = await change('unwanted', { propose: true })
  const made = await change('made', {})
  const finding = Findings.parse(await server.ask('findings?count=1')).findings[0]?.finding.statement.fingerprint ?? ''
  const question = Inbox.parse(await server.ask('inbox')).items[0]?.id ?? ''
  await server.kill()
  server.keep()
  return { finding, question, proposed, unwanted, made, passkey }
}
