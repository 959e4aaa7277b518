import { existsSync } from 'node:fs'
import { npmLocations } from '@upkeep/collectors/resolved-packages/npm-locations'
import type { Facts, Observation, Place } from '@upkeep/contract'
import type { ChangePlan } from '@upkeep/contract/change-plan'
import type { Ports } from '@upkeep/contract/ports'
import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import type { Prospect } from '@upkeep/engine/collect/prospective-ports'
import { type Candidate, candidateFolder, candidateIn } from './candidate.ts'

type Declared = Observation<'declared-server'>
type VersionInput = Extract<ChangePlan['inputs'][number], { kind: 'set-server-version' }>

/** A server that a change sets to another version: where its tree would lie, and the one that was fetched for it. */
export interface VersionStep {
  readonly input: VersionInput
  readonly candidate: Candidate | null
  /** Where npx keeps what it installs for the request as it would be; a text says why that is not known. */
  readonly at: string | null
  readonly why: string
  /** Whether its bytes are npm's: such are fetched and kept, also where its launcher keeps what it installs at a place of its own. */
  readonly ofNpm: boolean
  /** Whether something lies there already: then that is what would run. */
  readonly there: boolean
}

/** The steps to other versions among what is asked for, with the entries as they would be. */
export function versionSteps(
  plan: Pick<ChangePlan, 'inputs'>,
  after: readonly Declared[],
  { stateDir, places, ports }: { stateDir: string; places: readonly Place[]; ports: Pick<Ports, 'files'> },
): VersionStep[] {
  return plan.inputs.flatMap((input): VersionStep[] => {
    if (input.kind !== 'set-server-version') return []
    const folder = candidateFolder(stateDir, input.package, input.to)
    const candidate = candidateIn(folder, input.package, input.to)
    const entry = entryOf(after, input)
    const place = places.find((one) => isIn(one, input.path))
    const placed = entry === null || place === undefined ? null : npxFolderOf(entry, place, ports)
    const ofNpm = entry !== null && 'ecosystem' in entry.launch && entry.launch.ecosystem === 'npm'
    const head = { input, candidate, ofNpm }
    if (place?.gateway !== undefined)
      return [{ ...head, at: null, why: 'it is installed where its gateway runs', there: false }]
    if (typeof placed === 'string')
      return [{ ...head, at: placed, why: '', there: existsSync(`${placed}/node_modules/${input.package}`) }]
    return [{ ...head, at: null, why: placed?.why ?? 'its entry could not be read', there: false }]
  })
}

/** The world with every fetched tree where it would lie. */
export function withTrees(world: Omit<Prospect, 'trees'>, steps: readonly VersionStep[]): Prospect {
  const trees = steps.flatMap(({ at, candidate, there }) =>
    at === null || candidate === null || there ? [] : [{ at, real: candidate.tree }],
  )
  return { ...world, trees }
}

/** The entry that an input names. */
export function entryOf(
  declared: readonly Declared[],
  { path, server, project = null }: { path: string; server: string; project?: string | null | undefined },
): Facts<'declared-server'> | null {
  const found = declared.find(
    (one) =>
      one.state === 'seen' &&
      one.facts.path === path &&
      one.facts.name === server &&
      (project === null || one.facts.project === project),
  )
  return found?.state === 'seen' ? found.facts : null
}

function npxFolderOf(server: Facts<'declared-server'>, place: Place, { files }: Pick<Ports, 'files'>) {
  const { launch } = server
  if (launch.via !== 'npx' && launch.via !== 'npm-exec')
    return { why: `where ${launch.via} keeps what it installs is not filled by us` }
  if (launch.requested === null || launch.packages.length > 1)
    return { why: 'its entry asks for more than one package, or for no version' }
  const { cache } = npmLocations({ files, place, server, blocked: [] })
  return `${cache}/_npx/${npxCacheKey([`${launch.name}@${launch.requested}`])}`
}

/** Whether a file belongs to a place: its home or one of its projects. */
export function isIn({ home, projects }: Place, path: string): boolean {
  return [home, ...projects].some((folder) => path.startsWith(`${folder}/`))
}
