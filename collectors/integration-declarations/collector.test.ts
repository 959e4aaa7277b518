import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Facts, fleet, type Observation, type Settings, serverSubject } from '@upkeep/contract'
import { Integrations } from '@upkeep/contract/observations/integrations'
import { openFiles } from '@upkeep/engine/ports/files'
import { declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { integrationDeclarations } from './collector.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-integrations-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ports = { ...realPorts(), files: openFiles({ stateDir: null }).files }
const own = join(import.meta.dirname, '../../packs/vendors/vendors.json')

function server(name: string, over: Partial<Facts<'declared-server'>> = {}): Observation<'declared-server'> {
  const facts = declaredUrl('https://api.githubcopilot.com/mcp/', ports, { name, ...over })
  return { kind: 'declared-server', subject: serverSubject(facts.client, facts.path, name), state: 'seen', facts }
}

function hidden(fingerprint: string): Facts<'declared-server'>['headers'] {
  return { Authorization: { kind: 'hidden', secret: 'github-token', length: 40, fingerprint } }
}

async function collect(
  servers: Observation<'declared-server'>[],
  settings: Partial<Settings> = {},
  endpoint: Observation<'endpoint'>[] = [],
) {
  const said = await integrationDeclarations.collect({
    for: { per: 'fleet', places: [] },
    prior: { 'declared-server': servers, endpoint },
    ports,
    settings: settingsWith({ vendors: [own], ...settings }),
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: false },
  })
  for (const one of said) if (one.state === 'seen') Integrations.parse(one.facts)
  return said
}

it('names the vendor by its own pack, the owner by upkeep.yaml, and who holds the same value', async () => {
  const servers = [
    server('a', { headers: hidden('f1') }),
    server('b', { headers: hidden('f1') }),
    server('c', { headers: hidden('f2') }),
  ]
  const stated = [
    { name: 'a', owner: 'platform', rotated: '2026-10-01' },
    { name: 'a', ownership: 'vendor' as const },
  ]
  const [a, b, c] = await collect(servers, { servers: stated })
  expect(a).toMatchObject({
    state: 'seen',
    facts: {
      destinations: [
        { vendor: 'github', host: 'api.githubcopilot.com', by: 'url' },
        { vendor: 'github', by: 'secret' },
      ],
      owner: 'platform',
      ownership: 'vendor',
      rotatedAt: '2026-10-01',
      shared: [{ fingerprint: 'f1', where: 'header Authorization', others: [{ name: 'b' }] }],
    },
  })
  expect(b).toMatchObject({ facts: { owner: null, shared: [{ others: [{ name: 'a' }] }] } })
  expect(c).toMatchObject({ facts: { shared: [] } })
})

it('one value twice in one entry is not shared', async () => {
  const twice = server('a', {
    headers: { ...hidden('f1'), 'X-Token': hidden('f1').Authorization ?? { kind: 'empty' } },
  })
  expect(await collect([twice])).toMatchObject([{ facts: { credentials: [{}, {}], shared: [] } }])
})

it('without a pack that can be used it says that it could not look', async () => {
  expect(await collect([server('a')], { vendors: [] })).toMatchObject([
    { state: 'unavailable', code: 'not-configured' },
  ])
  const broken = join(folder, 'vendors.json')
  writeFileSync(broken, '{"vendors": [{"id": "X Y"}]}')
  for (const vendors of [[broken], [join(folder, 'missing.json')], [own, broken]]) {
    expect(await collect([server('a')], { vendors })).toMatchObject([{ state: 'unavailable', subject: { name: 'a' } }])
  }
})

it('says nothing of entries that could not be read, and nothing of the fleet', async () => {
  const unread: Observation<'declared-server'> = {
    kind: 'declared-server',
    subject: fleet,
    state: 'unavailable',
    code: 'malformed',
    reason: 'line 1',
  }
  expect(await collect([unread])).toEqual([])
})
