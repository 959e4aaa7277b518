import type { ChangeInput } from '@upkeep/contract/change'
import type { ChangeBranch } from '@upkeep/contract/change-branch'
import type { ChangePlan, RefEffectPlanned } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import type { Absent, FilesPort, Refusal } from '@upkeep/contract/ports'
import { sha256 } from '../kernel/sha256.ts'
import { inspectPath } from '../ports/files-facts.ts'
import { refusal } from '../ports/files-refusal.ts'
import { type FileNow, fileNow, stateOf } from './file-state.ts'
import { type CommitFile, type Committed, inScratch } from './git-commit.ts'
import { nameIn, type Repository, refNow, repositoryOf } from './git-repository.ts'
import {
  type Drafted,
  draftInputs,
  type Ground,
  type Hands,
  impossible,
  stateAfter,
  unborn,
  type WorkedOut,
  workOutFiles,
} from './plan-effects.ts'

/** Works out a plan: files that are written, or branches that are made. The same world gives the same result. */
export function workOut(plan: Pick<ChangePlan, 'inputs' | 'branch'>, hands: Hands): Promise<WorkedOut> {
  return plan.branch === undefined ? workOutFiles(plan.inputs, hands) : workOutBranch(plan.inputs, plan.branch, hands)
}

interface Place {
  readonly repository: Repository
  readonly base: string
  readonly baseName: string
}

/**
 * What inputs come to as commits: they are worked out from the files as the base of each branch has them, whatever lies in the work tree.
 * Nothing is written into a repository.
 */
async function workOutBranch(inputs: readonly ChangeInput[], branch: ChangeBranch, hands: Hands): Promise<WorkedOut> {
  const places = await placesOf(branch)
  const drafted = await draftOnBases(inputs, places, hands)
  const parts = await Promise.all(places.map((place) => commitIn(place, branch, filesIn(place, places, drafted))))
  const some = parts.filter((part) => part !== null)
  return {
    effects: some.map(({ effect }) => effect),
    files: drafted.files,
    documents: new Map(),
    keeps: some.map(({ made }, index) => ({ name: `${index}-after`, bytes: made.pack })),
    summary: drafted.summary,
    limits: [...drafted.limits, ...some.flatMap(({ limits }) => limits)],
    irreversible: drafted.irreversible,
  }
}

/** Makes each branch of a plan on a repository of ours and takes it back; null when all went well, else what did not. */
export async function rehearseBranch(
  { inputs, branch }: { inputs: readonly ChangeInput[]; branch: ChangeBranch },
  hands: Hands,
): Promise<string | null> {
  const places = await placesOf(branch)
  const drafted = await draftOnBases(inputs, places, hands)
  for (const place of places) {
    const files = commitFiles(place, filesIn(place, places, drafted))
    if (files.length === 0) continue
    const names = files.map(({ name }) => name)
    const walked = await inScratch(place.repository, async (scratch) => {
      const made = await scratch.commit(branch, place.base, files)
      return 'state' in made ? made : scratch.thereAndBack(branch, place.base, made, names)
    })
    if (walked !== null) return typeof walked === 'string' ? walked : walked.reason
  }
  return null
}

async function placesOf({ repositories }: ChangeBranch): Promise<Place[]> {
  return Promise.all(
    repositories.map(async ({ top, base, baseName }) => {
      const repository = await repositoryOf(`${top}/.git`)
      if (repository === null || 'state' in repository || repository.top !== top)
        throw notThere(
          top,
          repository === null || !('state' in repository) ? 'no repository is there' : repository.reason,
        )
      return { repository, base, baseName }
    }),
  )
}

const mostRounds = 5

/** Units read without waiting and git answers with it: what they asked for is fetched, and they are asked again. */
async function draftOnBases(inputs: readonly ChangeInput[], places: readonly Place[], hands: Hands): Promise<Drafted> {
  const secret = inputs.find(({ kind }) => kind === 'move-secret' || kind === 'rotate-credential')
  if (secret !== undefined)
    throw impossible(secret, 'the history of a repository keeps a secret: none is moved or replaced by a branch')
  const known: Known = new Map()
  await fetchInto(known, places, new Set(inputs.map(({ path }) => path)))
  for (let round = 0; round < mostRounds; round += 1) {
    const missing = new Set<string>()
    const drafted = await draftInputs(inputs, hands, groundOn(places, known, missing, hands.ports.files))
    if (missing.size === 0) return drafted
    await fetchInto(known, places, missing)
  }
  throw notThere(places[0]?.repository.top ?? '', 'it takes too many files')
}

/** Files as the bases of their branches have them. */
type Known = Map<string, Committed | Absent | Refusal>

async function fetchInto(known: Known, places: readonly Place[], paths: ReadonlySet<string>): Promise<void> {
  for (const place of places) {
    const asked = [...paths].filter((path) => placeOf(places, path) === place)
    if (asked.length === 0) continue
    const read = await inScratch(place.repository, async (scratch) => {
      for (const path of asked) known.set(path, await scratch.read(place.base, nameOf(place, path)))
      return null
    })
    if (read !== null) throw notThere(place.repository.top, read.reason)
  }
}

function groundOn(places: readonly Place[], known: Known, missing: Set<string>, files: FilesPort): Ground {
  const committed = (path: string) => {
    const read = known.get(path)
    if (read === undefined && placeOf(places, path) !== null) missing.add(path)
    return read
  }
  return {
    // A gateway has no history that a branch could be of.
    gateways: new Map(),
    files: {
      ...files,
      read(path, maxBytes) {
        const read = committed(path)
        if (read === undefined) return files.read(path, maxBytes)
        if (read.state !== 'file') return read
        if (read.bytes.length > maxBytes) return refusal('too-large', `the file is larger than ${maxBytes} bytes`)
        return { state: 'present', bytes: read.bytes, facts: unborn({ bytes: read.bytes, mode: modeOf(read) }) }
      },
    },
    now(path) {
      const read = committed(path)
      if (placeOf(places, path) === null)
        return refusal('unreachable', 'it lies in none of the repositories that the branch is for')
      if (read === undefined || read.state === 'unavailable') return read ?? { state: 'absent' }
      if (read.state === 'file') return asNow(read)
      // A file that git does not know may hold what nobody meant to publish.
      return inspectPath(path).state === 'absent' ? read : refusal('unreachable', 'the repository does not have it yet')
    },
  }
}

function asNow(read: Committed): FileNow {
  const mode = modeOf(read)
  const facts = unborn({ bytes: read.bytes, mode })
  return { state: 'file', digest: sha256(read.bytes), bytes: read.bytes, mode, facts }
}

function modeOf({ executable }: Committed): number {
  return executable ? 0o755 : 0o644
}

/** The innermost repository that a file lies in. */
function placeOf(places: readonly Place[], path: string): Place | null {
  const around = places.filter(({ repository }) => nameIn(repository, path) !== null)
  return around.toSorted((a, b) => b.repository.top.length - a.repository.top.length)[0] ?? null
}

function commitFiles(place: Place, files: Drafted['files']): CommitFile[] {
  return files.map(({ path, now, to }) => {
    if (to.state === 'absent') return { name: nameOf(place, path), to }
    const sameBytes = now.state === 'file' && Buffer.compare(now.bytes, to.bytes) === 0
    if (sameBytes) throw notThere(path, 'of its mode git keeps only whether it can be run')
    const executable = now.state === 'file' && now.mode === 0o755
    return { name: nameOf(place, path), to: { state: 'file' as const, bytes: to.bytes, executable } }
  })
}

function filesIn(place: Place, places: readonly Place[], { files }: Drafted): Drafted['files'] {
  return files.filter(({ path }) => placeOf(places, path) === place)
}

function nameOf({ repository }: Place, path: string): string {
  const name = nameIn(repository, path)
  if (name === null) throw new Error(`${path} lies outside of its repository`)
  return name
}

/** The commit of one repository as an effect; null where nothing of it changes. */
async function commitIn(place: Place, branch: ChangeBranch, changed: Drafted['files']) {
  if (changed.length === 0) return null
  const { top } = place.repository
  const files = commitFiles(place, changed)
  const made = await inScratch(place.repository, (scratch) => scratch.commit(branch, place.base, files))
  if ('state' in made) throw notThere(top, made.reason)
  const before = await refNow({ at: top }, branch.ref)
  if (before.state === 'unavailable') throw notThere(top, before.reason)
  const effect: RefEffectPlanned = {
    kind: 'git-ref',
    path: `${top}#${branch.ref}`,
    top,
    ref: branch.ref,
    before,
    after: { state: 'commit', commit: made.commit },
    files: changed.map(({ path, now, to }) => ({ path, before: stateOf(now), after: stateAfter(to) })),
    shown: changed.flatMap(({ path, shown }) => [`  ${nameOf(place, path)}`, ...shown]).slice(0, 400),
  }
  return { effect, made, limits: changed.flatMap(({ path, now }) => limitsOf(place, path, now)) }
}

/** What lies in the work tree is not what the branch begins at: whoever reads the difference has to know. */
function limitsOf({ baseName }: Place, path: string, now: FileNow): string[] {
  const here = fileNow(path)
  const same = here.state === 'file' && now.state === 'file' && here.digest === now.digest
  return same || (here.state === now.state && here.state === 'absent')
    ? []
    : [`${path} lies there with other content than ${baseName} has: the branch begins at ${baseName}`]
}

function notThere(what: string, why: string): UserError {
  return new UserError(
    'change-impossible',
    `${what}: ${why}.`,
    'Nothing was written. Without --branch the file itself is changed.',
  )
}
