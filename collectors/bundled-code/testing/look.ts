import { join } from 'node:path'
import { fleet, type MemoryPort, type Observation } from '@upkeep/contract'
import type { BundledCode } from '@upkeep/contract/observations/bundled-code'
import type { Component } from '@upkeep/contract/observations/resolved-package'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { archives } from '@upkeep/engine/ports/archives'
import { openFiles } from '@upkeep/engine/ports/files'
import { openMemory } from '@upkeep/engine/ports/memory'
import { bundledCode } from '../collector.ts'

/** The pack that ships. */
export const pack = join(import.meta.dirname, '../../../packs/fingerprints')

/** One installed npm package, whose folder is the root itself. */
export function component(name: string, more: Partial<Component> = {}): Component {
  return { ecosystem: 'npm', name, version: '1.0.0', path: '.', digest: null, ...more }
}

/** Runs the collector over copies on disk. */
export async function look(
  root: string,
  components: Component[],
  {
    memory = openMemory(null).memory,
    fingerprints = [pack],
    script = null,
    image = false,
    digest = null,
  }: {
    memory?: MemoryPort
    fingerprints?: string[]
    script?: string | null
    image?: boolean
    digest?: string | null
  } = {},
): Promise<Observation<'bundled-code'>> {
  const copy = {
    where: image ? 'image' : script === null ? 'local' : 'script',
    root,
    version: null,
    cacheKey: null,
    requested: null,
    engines: null,
  } as const
  const installed = [{ ...copy, digest, components, problems: [] }]
  const subject = { ...fleet, kind: 'server' } as const
  const facts = { name: script ?? 'x', ecosystem: 'npm', pinned: true, installed, wouldRun: 0, why: '' } as const
  const settings = { probe: [], connectToDeclared: false, online: false, registryUrl: '', fingerprints }
  const [seen] = await bundledCode.collect({
    for: { per: 'server', subject, place, server },
    prior: { 'resolved-package': [{ kind: 'resolved-package', subject, state: 'seen', facts }] },
    ports: { archives, files: openFiles({ stateDir: null }).files, memory },
    settings: { ...settings, feeds: { osv: [], registry: [] } },
    at: '2026-01-01T00:00:00.000Z',
    signal: { aborted: false },
  })
  if (seen === undefined) throw new Error('nothing was said')
  return seen
}

/** The facts of what must have been seen. */
export function factsOf(seen: Observation<'bundled-code'>): BundledCode {
  if (seen.state !== 'seen') throw new Error(`${seen.state}: ${seen.reason}`)
  return seen.facts
}

const place = {
  id: '/x',
  home: '/x',
  platform: 'linux',
  env: {},
  projects: [],
  machine: false,
  upkeepFile: null,
  uid: null,
} as const

const server = {
  ...plainServer,
  client: 'cursor',
  path: '/x/mcp.json',
  name: 'x',
} satisfies Parameters<typeof bundledCode.collect>[0]['for']['server']
