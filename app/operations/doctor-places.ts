import { lstatSync } from 'node:fs'
import type { Facts, Observation, Place } from '@upkeep/contract'
import { explainPaths } from '@upkeep/domain/client-formats/config-paths'
import type { Store } from '@upkeep/engine/store/store'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import type { Context } from './context.ts'

/** One line of what was looked up. */
export interface PlaceLine {
  about: string
  state: 'fine' | 'not there' | 'attention'
  detail: string
  why: string
}

/** What the latest run made of a file. */
type Found = { facts: Facts<'client-config'> } | { reason: string }

/** Every path that is looked at in every place, with what was found there. */
export async function lookedAt(context: Context, store: Store | null): Promise<PlaceLine[]> {
  const found = await filesFound(context, store)
  const paths = context.places.flatMap((place) => pathLines(place, found))
  const listed = new Set(paths.map((line) => line.detail))
  const others = [...found].flatMap(([path, one]) => (listed.has(path) ? [] : [foundLine('file', path, one)]))
  return [...context.places.flatMap(placeLines), ...others, ...paths]
}

function placeLines(place: Place): PlaceLine[] {
  if (place.gateway !== undefined)
    return [
      { about: 'gateway', state: 'fine', detail: place.home, why: 'listed in upkeep.yaml: its servers are asked for' },
    ]
  const why = place.machine ? 'of whoever runs this' : 'of the practice fleet'
  return [
    { about: 'home', state: 'fine', detail: place.home, why },
    ...place.projects.map(
      (project): PlaceLine => ({
        about: 'project',
        state: 'fine',
        detail: project,
        why: 'this folder, or listed in upkeep.yaml',
      }),
    ),
  ]
}

function pathLines(place: Place, found: ReadonlyMap<string, Found>): PlaceLine[] {
  return explainPaths(place).map(({ client, path, why }): PlaceLine => {
    const one = found.get(path)
    if (one !== undefined) return foundLine(client, path, one)
    const isThere =
      place.gateway === undefined && !path.includes('*') && lstatSync(path, { throwIfNoEntry: false }) !== undefined
    return isThere
      ? { about: client, state: 'attention', detail: path, why: 'there, and not in the latest run: upkeep scan' }
      : { about: client, state: 'not there', detail: path, why }
  })
}

function foundLine(about: string, path: string, one: Found): PlaceLine {
  if ('reason' in one) return { about, state: 'attention', detail: path, why: one.reason }
  const { servers, problems, scope } = one.facts
  const entries = `${servers.length} ${servers.length === 1 ? 'entry' : 'entries'}, ${scope} scope`
  return problems.length === 0
    ? { about, state: 'fine', detail: path, why: entries }
    : { about, state: 'attention', detail: path, why: `${entries}; ${problems.length} could not be understood` }
}

async function filesFound(context: Context, store: Store | null): Promise<Map<string, Found>> {
  const found = new Map<string, Found>()
  for (const one of await lastSeenFiles(context, store)) {
    if (one.kind !== 'client-config' || one.state === 'absent') continue
    if (one.state === 'seen') found.set(one.facts.path, { facts: one.facts })
    else found.set(one.subject.id.replace(/^file:/, ''), { reason: one.reason })
  }
  return found
}

/** What the newest run of a duty that keeps configuration files saw. */
async function lastSeenFiles(context: Context, store: Store | null): Promise<Observation[]> {
  if (store === null) return []
  for (const duty of context.duties.filter((one) => one.sees.includes('client-config'))) {
    const run = await store.runs.latestCompleted(duty.id)
    if (run !== null) return observationsOf(store, run)
  }
  return []
}
