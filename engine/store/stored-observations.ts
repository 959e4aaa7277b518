import {
  Digest,
  type Observation,
  ObservationManifest,
  observationKinds,
  type Run,
  Subject,
  UnavailableCode,
} from '@upkeep/contract'
import { z } from 'zod'
import type { Store } from './store.ts'

/** An observation as the store holds it: without time, named by the digest of its bytes; its facts unread. */
export const StoredObservation = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('seen'), kind: z.string(), subject: Subject, facts: z.unknown() }),
  z.strictObject({ state: z.literal('absent'), kind: z.string(), subject: Subject, reason: z.string() }),
  z.strictObject({
    state: z.literal('unavailable'),
    kind: z.string(),
    subject: Subject,
    code: UnavailableCode,
    reason: z.string(),
  }),
])
export type StoredObservation = z.infer<typeof StoredObservation>

/**
 * What a run saw, of these kinds or of all, read back from its manifest, each observation checked against its kind's schema.
 *
 * @throws UserError `evidence-invalid` when stored bytes do not hash to their name; a defect when an object is missing or of another shape.
 */
export async function observationsOf(store: Store, run: Run, kinds?: readonly string[]): Promise<Observation[]> {
  if (run.observations === null) return []
  const whole = ObservationManifest.parse(await parsedObject(store, run.observations))
  const manifest = kinds === undefined ? whole : whole.filter((line) => kinds.includes(line.kind))
  const texts = await store.objects.getMany([...new Set(manifest.map((line) => line.observation))])
  return manifest.map((line) => {
    const text = texts.get(line.observation)
    if (text === undefined) throw new Error(`object ${line.observation} of run ${run.id} is missing`)
    return parseObservation(JSON.parse(text))
  })
}

/** Reads one stored observation. */
export function parseObservation(value: unknown): Observation {
  const stored = StoredObservation.parse(value)
  const definition = Object.entries(observationKinds).find(([kind]) => kind === stored.kind)?.[1]
  if (definition === undefined) throw new Error(`an observation of the unknown kind ${stored.kind.slice(0, 60)}`)
  if (stored.state !== 'seen') return stored as Observation
  // The schema just chosen by the kind has checked the facts; the compiler cannot follow that from a string.
  return { ...stored, facts: definition.facts.parse(stored.facts) } as Observation
}

async function parsedObject(store: Store, digest: string): Promise<unknown> {
  const text = await store.objects.get(Digest.parse(digest))
  if (text === null) throw new Error(`object ${digest} is missing`)
  return JSON.parse(text)
}
