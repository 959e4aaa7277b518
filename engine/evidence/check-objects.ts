import { ObservationManifest } from '@upkeep/contract/run'
import type { Store } from '../store/store.ts'
import { type ProblemLog, report } from './problems.ts'
import { at, type ObjectReference } from './walk-ledger.ts'

const perPage = 200

/** Checks that every object hashes to its name, and that every object named by a record, or by a manifest that a record names, is there. */
export async function checkObjects(
  store: Store,
  references: ReadonlyMap<string, ObjectReference>,
  log: ProblemLog,
): Promise<number> {
  const present = new Set(await store.objects.digests())
  const altered = new Set(await store.objects.altered())
  const naming = new Map([...references.values()].map((reference) => [reference.digest, reference]))
  for (const digest of altered) {
    const reference = naming.get(digest)
    const detail = `object ${digest} does not hash to its name`
    report(log, 'object-changed', detail, reference === undefined ? {} : at(reference.leaf))
  }
  const readable: ObjectReference[] = []
  for (const reference of references.values()) {
    if (!present.has(reference.digest)) reportMissing(reference, reference.digest, log)
    else if (reference.isManifest && !altered.has(reference.digest)) readable.push(reference)
  }
  await checkManifests(store, readable, { present, altered, log })
  return present.size
}

interface Known {
  readonly present: ReadonlySet<string>
  readonly altered: ReadonlySet<string>
  readonly log: ProblemLog
}

async function checkManifests(store: Store, manifests: readonly ObjectReference[], known: Known): Promise<void> {
  const told = new Set<string>()
  for (let from = 0; from < manifests.length; from += perPage) {
    const page = manifests.slice(from, from + perPage)
    const texts = await store.objects.getMany(page.map((reference) => reference.digest))
    for (const reference of page) checkManifest(reference, texts.get(reference.digest) ?? 'null', known, told)
  }
}

function checkManifest(reference: ObjectReference, text: string, known: Known, told: Set<string>): void {
  const manifest = ObservationManifest.safeParse(JSON.parse(text))
  if (!manifest.success) {
    report(known.log, 'unreadable', `object ${reference.digest} is not a list of observations`, at(reference.leaf))
    return
  }
  for (const { observation } of manifest.data) {
    if (told.has(observation) || (known.present.has(observation) && !known.altered.has(observation))) continue
    told.add(observation)
    if (known.present.has(observation))
      report(known.log, 'object-changed', `object ${observation}, on which it rests, was changed`, at(reference.leaf))
    else reportMissing(reference, observation, known.log)
  }
}

function reportMissing(reference: ObjectReference, digest: string, log: ProblemLog): void {
  report(log, 'object-missing', `object ${digest}, on which it rests, is not there`, at(reference.leaf))
}
