import type { ChangeTest } from '@upkeep/contract/change-step'
import { keptObjectsIn, stateOfKept } from '@upkeep/engine/vault/kept-tarballs'
import type { Candidate } from './candidate.ts'
import type { VersionStep } from './prospect.ts'

const namedAtMost = 10

/**
 * Whether the bytes that a plan names are kept and whole, and are those that were laid out for the tests. Counted as kept is what is read and
 * has its own digest; of what it brings along all that is not kept is named.
 */
export async function exactBytes(step: VersionStep, stateDir: string): Promise<ChangeTest> {
  const { input, candidate } = step
  const name = `${input.server}: exact bytes`.slice(0, 200)
  const say = (outcome: ChangeTest['outcome'], detail: string): ChangeTest => ({
    name,
    outcome,
    detail: detail.slice(0, 2_000),
  })
  const what = `${input.package} ${input.to}`
  if (candidate === null) {
    if (input.integrity !== undefined) return say('failed', `what was fetched of ${what} is no longer there`)
    return say('not-run', step.ofNpm ? notFetched(what) : cannotBeFetched(what, step))
  }
  if (input.integrity !== undefined && input.integrity !== candidate.integrity)
    return say('failed', `what was laid out of ${what} is not what the plan names`)
  const objects = keptObjectsIn(stateDir)
  const kept = await stateOfKept(objects, candidate.integrity)
  if (kept !== 'kept') return say('failed', `the kept archive of ${what} is ${kept}`)
  const { altered, missing, count } = await keptOf(candidate, objects)
  if (altered.length > 0) return say('failed', `kept archives that are not what their names say: ${named(altered)}`)
  const scripts = candidate.scripts.length === 0 ? '' : `; not run: the scripts of ${candidate.scripts.join(', ')}`
  const gaps = missing.length === 0 ? '' : `; not kept, so that they would have to be fetched again: ${named(missing)}`
  return say(
    'passed',
    `${what}: ${candidate.integrity.slice(0, 27)}…, as the registry states; ${count}${gaps}${scripts}${placeWords(step)}`,
  )
}

function notFetched(what: string): string {
  return `${what} was not fetched: with --online it is, and kept with its digest`
}

function cannotBeFetched(what: string, { why }: VersionStep): string {
  const place = why === '' ? '' : ` (${why})`
  return `${what} cannot be fetched and tried first: only what comes from npm is${place}; its client fetches it at its next start`
}

function placeWords({ there, at, why }: VersionStep): string {
  if (there) return '; a copy that was there before is what was tested'
  return at === null ? `; ${why}: its client fetches it once more at its next start` : ''
}

/** The packages of a tree by what is kept of them. */
async function keptOf({ packages }: Candidate, objects: string) {
  const states = await Promise.all(
    packages.map(async ({ name, version, integrity }) => ({
      what: `${name} ${version}`,
      state: integrity === null ? 'absent' : await stateOfKept(objects, integrity),
    })),
  )
  const of = (state: string) => states.flatMap((one) => (one.state === state ? [one.what] : []))
  const [kept, all] = [of('kept').length, states.length]
  const count = kept < all ? `${kept} of ${all} packages kept` : all === 1 ? 'one package kept' : `${all} packages kept`
  return { altered: of('altered'), missing: of('absent'), count }
}

function named(all: readonly string[]): string {
  const more = all.length > namedAtMost ? ` and ${all.length - namedAtMost} more` : ''
  return `${all.slice(0, namedAtMost).join(', ')}${more}`
}
