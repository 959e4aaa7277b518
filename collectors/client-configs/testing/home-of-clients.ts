import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Observation, Settings } from '@upkeep/contract'
import { observationKinds } from '@upkeep/contract/observation'
import type { Place } from '@upkeep/contract/place'
import { noCaptures } from '@upkeep/contract/testing/no-captures'
import { noGateways } from '@upkeep/contract/testing/no-gateways'
import { openFiles } from '@upkeep/engine/ports/files'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import { afterEach, beforeEach } from 'vitest'
import { clientConfigs } from '../collector.ts'

type Seen = Observation<'client-config' | 'declared-server'>

/** Nothing that an owner allows. */
export const quiet: Settings = {
  probe: [],
  connectToDeclared: false,
  online: false,
  registryUrl: '',
  feeds: { osv: [], registry: [] },
}

/** A temporary home for each test of a file, and what the collector sees in it. */
export function homeOfClients() {
  let home = ''
  beforeEach(() => {
    // Named by the process and not at random: a part that looks random is hidden from what is declared.
    home = join(tmpdir(), `upkeep-configs-${process.pid}`)
    mkdirSync(home)
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))
  const place = (more: Partial<Place> = {}) => placeAt(home, more)
  return {
    get path() {
      return home
    },
    /** Writes a file: a text as it is, anything else as JSON. */
    put(path: string, content: unknown): string {
      const file = join(home, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
      return file
    },
    place,
    collect: (at: Place = place(), more: Parameters<typeof collectIn>[2] = {}) => collectIn(home, at, more),
    /** One line per observation: what it is about, relative to home, and what was seen. */
    lines: (seen: readonly Seen[]) => seen.map((each) => lineOf(each, home)),
  }
}

function placeAt(home: string, more: Partial<Place>): Place {
  return {
    id: home,
    home,
    platform: 'linux',
    env: {},
    projects: [],
    machine: false,
    upkeepFile: null,
    uid: null,
    ...more,
  }
}

async function collectIn(
  home: string,
  place: Place,
  { settings = quiet, files = openFiles({ stateDir: null }).files, aborted = false } = {},
): Promise<readonly Seen[]> {
  const secrets = openSecrets({ stateDir: join(home, '.state'), env: {} })
  mkdirSync(join(home, '.state'), { recursive: true, mode: 0o700 })
  const call = {
    for: { per: 'place' as const, place },
    prior: {},
    ports: {
      files,
      places: { list: () => [], ownProgram: () => [], keptObjects: () => '' },
      secrets,
      gateways: noGateways,
      captures: noCaptures,
    },
    settings,
    at: '2026-11-22T09:30:00.000Z',
  }
  const seen = await clientConfigs.collect({ ...call, signal: { aborted } })
  for (const each of seen) if (each.state === 'seen') observationKinds[each.kind].facts.parse(each.facts)
  return seen
}

function lineOf(each: Seen, home: string): string {
  const subject = each.subject.id.replaceAll(home, '~')
  if (each.state === 'unavailable') return `${subject} ${each.code}`
  if (each.state === 'absent') return `${subject} absent`
  if (each.kind === 'client-config')
    return `${subject} ${each.facts.servers.join(',')} problems ${each.facts.problems.length}`
  return `${subject} ${each.facts.transport} ${each.facts.launch.via}`
}
