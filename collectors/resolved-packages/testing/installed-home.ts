import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import type { Place } from '@upkeep/contract/place'
import type { Settings } from '@upkeep/contract/settings'
import { fleet } from '@upkeep/contract/subject'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { archives } from '@upkeep/engine/ports/archives'
import { openFiles } from '@upkeep/engine/ports/files'
import { openMemory } from '@upkeep/engine/ports/memory'
import { afterEach, beforeEach } from 'vitest'
import { resolvedPackages } from '../collector.ts'

/** A temporary home for each test of a file, with trees built by hand in it. */
export function temporaryHome() {
  const home = { path: '' }
  beforeEach(() => {
    home.path = realpathSync(mkdtempSync(join(tmpdir(), 'resolved-')))
  })
  afterEach(() => rmSync(home.path, { recursive: true, force: true }))
  return {
    get path() {
      return home.path
    },
    /** Writes files: a text as it is, an object as JSON, `-> target` as a link. */
    write(tree: Record<string, string | object>) {
      for (const [name, content] of Object.entries(tree)) {
        const path = join(home.path, name)
        mkdirSync(dirname(path), { recursive: true })
        if (typeof content !== 'string') writeFileSync(path, JSON.stringify(content))
        else if (content.startsWith('-> ')) symlinkSync(content.slice(3), path)
        else writeFileSync(path, content)
      }
    },
    collect: (
      launch: DeclaredServer['launch'],
      more?: Partial<DeclaredServer>,
      place?: Partial<Place>,
      settings?: Partial<Settings>,
    ) => collectIn(home.path, { launch, ...more }, place, settings),
  }
}

async function collectIn(
  home: string,
  server: Partial<DeclaredServer>,
  place: Partial<Place> = {},
  settings: Partial<Settings> = {},
) {
  const { files } = openFiles({ stateDir: null })
  const [seen] = await resolvedPackages.collect({
    for: {
      per: 'server',
      subject: { ...fleet, kind: 'server' },
      place: {
        id: home,
        home,
        platform: 'linux',
        env: {},
        projects: [],
        machine: false,
        upkeepFile: null,
        uid: null,
        ...place,
      },
      server: { ...declared, ...server },
    },
    prior: {},
    ports: { archives, files, memory: openMemory(null).memory },
    settings: {
      probe: [],
      connectToDeclared: false,
      online: false,
      registryUrl: '',
      feeds: { osv: [], registry: [] },
      ...settings,
    },
    at: '2026-01-01T00:00:00.000Z',
    signal: { aborted: false },
  })
  if (seen === undefined) throw new Error('nothing was said')
  // What cannot be sealed or does not fit the schema is a defect whatever the test is about.
  canonicalJson(seen)
  if (seen.state === 'seen') ResolvedPackage.parse(seen.facts)
  return seen
}

/** The facts of an observation that must have been seen. */
export function factsOf(seen: Awaited<ReturnType<typeof collectIn>>): ResolvedPackage {
  if (seen.state !== 'seen') throw new Error(`${seen.state}: ${seen.reason}`)
  return seen.facts
}

/** A launch as the client configuration's reader would state it. */
export function npx(name: string, requested: string | null = null): DeclaredServer['launch'] {
  const packages = [requested === null ? name : `${name}@${requested}`]
  return { via: 'npx', ecosystem: 'npm', name, requested, pinned: false, packages }
}

const declared: DeclaredServer = {
  ...plainServer,
  client: 'cursor',
  path: '/x/mcp.json',
  name: 'x',
}

/** `${HOME}` as .npmrc files write it. */
export const homeVariable = ['$', '{HOME}'].join('')
