import { type AnyDuty, type Observation, ObservationManifest, type Run, Verdict } from '@upkeep/contract'
import { UserError } from '@upkeep/contract/errors'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { z } from 'zod'
import { assessRun } from './assess/assess-run.ts'
import { indexObservations } from './kernel/observation-index.ts'
import type { RederiveSource } from './rederive-source.ts'
import { parseObservation } from './store/stored-observations.ts'

/** What came of drawing verdicts again: how many were compared, which differ, which runs could not be done again and why. */
export interface Rederivation {
  readonly runs: number
  readonly verdicts: number
  readonly differing: readonly Difference[]
  readonly skipped: readonly Skipped[]
}
export interface Difference {
  readonly run: string
  readonly duty: string
  readonly subject: string
  readonly reason: string
}
export interface Skipped {
  readonly run: string
  readonly duty: string
  readonly reason: string
}

const Verdicts = z.array(Verdict)
const keptObservations = 20_000

/**
 * Draws every sealed verdict again, from the stored observations and the duties installed here: nothing that a pack brings is ever run. A
 * run under another version of its duty is skipped and said to be, since another version may judge otherwise and rightly so.
 */
export async function rederive(source: RederiveSource, duties: readonly AnyDuty[]): Promise<Rederivation> {
  const read = observationReader(source)
  const differing: Difference[] = []
  const skipped: Skipped[] = []
  let runs = 0
  let verdicts = 0
  for await (const run of source.runs()) {
    if (run.verdicts === null || run.observations === null) continue
    try {
      const sealed = Verdicts.parse(await readJson(source, run.verdicts))
      const drawn = drawAgain(dutyOf(run, duties), run, await read(run.observations))
      differing.push(...differences(run, sealed, drawn))
      runs += 1
      verdicts += sealed.length
    } catch (error) {
      skipped.push({ run: run.id, duty: run.duty, reason: reasonOf(error) })
    }
  }
  return { runs, verdicts, differing, skipped }
}

/** Why one run cannot be done again. Said of the run, and never ends the others. */
class CannotRederive extends Error {}

function dutyOf(run: Run, duties: readonly AnyDuty[]): AnyDuty {
  const duty = duties.find((one) => one.id === run.duty)
  if (duty === undefined) throw new CannotRederive('its duty is not installed')
  if (duty.version === run.dutyVersion) return duty
  throw new CannotRederive(`it ran under version ${run.dutyVersion} of its duty; ${duty.version} is installed`)
}

function drawAgain(duty: AnyDuty, run: Run, observations: readonly Observation[]): Verdict[] {
  return assessRun(duty, indexObservations(observations), run.params, run.startedAt).verdicts
}

function differences(run: Run, sealed: readonly Verdict[], drawn: readonly Verdict[]): Difference[] {
  const now = new Map(drawn.map((verdict) => [verdict.subject.id, verdict]))
  const found: Difference[] = []
  for (const verdict of sealed) {
    const again = now.get(verdict.subject.id)
    now.delete(verdict.subject.id)
    const reason = differenceOf(verdict, again)
    if (reason !== null) found.push({ run: run.id, duty: run.duty, subject: verdict.subject.id, reason })
  }
  for (const [subject, verdict] of now)
    found.push({
      run: run.id,
      duty: run.duty,
      subject,
      reason: `no verdict was sealed; drawn again it is ${verdict.verdict}`,
    })
  return found
}

function differenceOf(sealed: Verdict, again: Verdict | undefined): string | null {
  if (again === undefined) return `sealed as ${sealed.verdict}; drawn again there is no verdict`
  if (canonicalJson(sealed) === canonicalJson(again)) return null
  if (sealed.verdict !== again.verdict) return `sealed as ${sealed.verdict}; drawn again it is ${again.verdict}`
  return `${sealed.verdict} both times, for other reasons`
}

/** Reads what a run saw. An unchanged fleet is read once, not once a run. */
function observationReader(source: RederiveSource): (manifest: string) => Promise<Observation[]> {
  const kept = new Map<string, Observation>()
  return async (manifest) => {
    const lines = ObservationManifest.parse(await readJson(source, manifest))
    if (kept.size > keptObservations) kept.clear()
    const observations: Observation[] = []
    for (const { observation: digest } of lines) {
      const observation = kept.get(digest) ?? parseObservation(await readJson(source, digest))
      kept.set(digest, observation)
      observations.push(observation)
    }
    return observations
  }
}

async function readJson(source: RederiveSource, digest: string): Promise<unknown> {
  const text = await source.object(digest)
  if (text === null) throw new CannotRederive(`object ${digest} is not there`)
  return JSON.parse(text)
}

function reasonOf(error: unknown): string {
  if (error instanceof CannotRederive) return error.message
  if (error instanceof UserError && error.code === 'evidence-invalid') return 'an object that it rests on was altered'
  // What a parser says may quote the text.
  return 'what it rests on does not have the form that this version reads'
}
