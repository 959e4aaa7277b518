import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Facts, type Observation, serverSubject } from '@upkeep/contract'
import { NameResemblance } from '@upkeep/contract/observations/name-resemblance'
import { openFiles } from '@upkeep/engine/ports/files'
import { declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { knownNames } from './collector.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-names-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ports = { ...realPorts(), files: openFiles({ stateDir: null }).files }
const own = join(import.meta.dirname, '../../packs/known-servers/names.json')

function server(via: 'npx' | 'uvx', ...packages: string[]): Observation<'declared-server'> {
  const ecosystem = via === 'npx' ? ('npm' as const) : ('PyPI' as const)
  const name = packages[0]?.replace(/(?<=.)@.*$/, '') ?? ''
  const launch = { via, ecosystem, name, requested: null, pinned: false, packages }
  const facts = declaredUrl('http://127.0.0.1:1/', ports, {
    transport: 'stdio',
    url: null,
    launch,
    name: packages.join(' '),
  })
  return { kind: 'declared-server', subject: serverSubject(facts.client, facts.path, facts.name), state: 'seen', facts }
}

function installed(subject: Observation['subject'], ...names: string[]): Observation<'resolved-package'> {
  const components = names.map((name) => ({
    ecosystem: 'npm' as const,
    name,
    version: '1.0.0',
    path: name,
    digest: null,
  }))
  const copy = {
    where: 'npx-cache' as const,
    root: '/c',
    version: null,
    cacheKey: null,
    requested: null,
    engines: null,
    digest: null,
    components,
    problems: [],
  }
  const facts: Facts<'resolved-package'> = {
    name: 'x',
    ecosystem: 'npm',
    pinned: false,
    installed: [copy],
    wouldRun: 0,
    why: '',
  }
  return { kind: 'resolved-package', subject, state: 'seen', facts }
}

async function collect(
  servers: Observation<'declared-server'>[],
  resolved: Observation<'resolved-package'>[] = [],
  packs = [own],
) {
  const said = await knownNames.collect({
    for: { per: 'fleet', places: [] },
    prior: { 'declared-server': servers, 'resolved-package': resolved },
    ports,
    settings: settingsWith({ knownNames: packs }),
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: false },
  })
  for (const one of said) if (one.state === 'seen') NameResemblance.parse(one.facts)
  return said
}

it.each([
  ['npx', 'mcp-remot@0.1.0', 'mcp-remote'],
  ['npx', '@modelcontextprotoco1/server-github', '@modelcontextprotocol/server-github'],
  ['uvx', 'mcp-server-fetsh', 'mcp-server-fetch'],
] as const)('%s %s passes for %s', async (via, request, imitates) => {
  expect(await collect([server(via, request)])).toMatchObject([{ facts: { resembling: [{ direct: true, imitates }] } }])
})

it.each([
  ['npx', 'mcp-remote@0.1.16'],
  ['npx', '@modelcontextprotocol/server-github@1.0.0'],
  ['npx', '@acme/mcp-remote'],
  ['uvx', 'mcp_server_fetch'],
] as const)('%s %s passes for nothing', async (via, request) => {
  expect(await collect([server(via, request)])).toMatchObject([{ facts: { resembling: [] } }])
})

it('looks at what is brought along too, and says that it is', async () => {
  const one = server('npx', 'mine@1.0.0')
  const said = await collect([one], [installed(one.subject, 'mine', 'express', 'mcp-remot')])
  expect(said).toMatchObject([{ facts: { judged: 3, resembling: [{ name: 'mcp-remot', direct: false }] } }])
})

it('without a list it could not look', async () => {
  const broken = join(folder, 'names.json')
  writeFileSync(broken, '{"npm": []}')
  for (const packs of [[], [broken], [join(folder, 'missing')]]) {
    expect(await collect([server('npx', 'mcp-remot')], [], packs)).toMatchObject([{ state: 'unavailable' }])
  }
})

it('a server that starts no package has no name to judge', async () => {
  const facts = declaredUrl('https://mcp.example.com/', ports)
  const remote = {
    kind: 'declared-server' as const,
    subject: serverSubject('cursor', '/f', 'r'),
    state: 'seen' as const,
    facts,
  }
  expect(await collect([remote])).toMatchObject([{ state: 'absent' }])
})
