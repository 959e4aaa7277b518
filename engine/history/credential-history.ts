import { type Observation, ObservationManifest, type Run } from '@upkeep/contract'
import { DeclaredServer, type SafeValue } from '@upkeep/contract/observations/declared-server'
import { z } from 'zod'
import type { Store } from '../store/store.ts'

type Declared = Observation<'declared-server'>
/** One look at one server: when, and the digest of what was seen. */
interface Look {
  at: string
  digest: string
}

/** How many completed runs are looked back through; what is older is not needed for any limit that makes sense. */
const maxRuns = 20_000
const runsAtOnce = 500
const objectsAtOnce = 1_000

/** Since when each value of each declared server is known to be the same, out of the runs that are kept. */
export async function credentialHistory(
  store: Store,
  declared: readonly Declared[],
  at: string,
): Promise<Observation<'credential-history'>[]> {
  const looks = await looksAt(store)
  const prints = await fingerprintsIn(store, looks)
  return declared.flatMap((one) => {
    if (one.state !== 'seen') return []
    const past = (looks.get(one.subject.id) ?? []).flatMap((look) => {
      const has = prints.get(look.digest)
      return has === undefined ? [] : [{ at: look.at, has }]
    })
    const credentials = [...hashesOf(one.facts)].sort().map((fingerprint) => sinceWhen(fingerprint, past, at))
    const facts = { since: past[0]?.at ?? null, credentials }
    return [{ kind: 'credential-history', subject: one.subject, state: 'seen', facts }]
  })
}

const none: ReadonlySet<string> = new Set()

/** The begin of the unbroken row of looks up to now in which the value was there. */
function sinceWhen(fingerprint: string, past: readonly { at: string; has: ReadonlySet<string> }[], at: string) {
  const lastWithout = past.findLastIndex(({ has }) => !has.has(fingerprint))
  const firstSeenAt = past[lastWithout + 1]?.at ?? at
  return { fingerprint, firstSeenAt, beganWithinHistory: lastWithout >= 0 }
}

/** Every look at every server, oldest first; several runs of one round are one look. */
async function looksAt(store: Store): Promise<Map<string, Look[]>> {
  const looks = new Map<string, Look[]>()
  for (const { at, manifest } of await manifests(store)) {
    for (const { kind, subject, observation } of manifest) {
      if (kind !== 'declared-server') continue
      const known = looks.get(subject.id) ?? []
      if (known.at(-1)?.at !== at) known.push({ at, digest: observation })
      looks.set(subject.id, known)
    }
  }
  return looks
}

async function manifests(store: Store): Promise<{ at: string; manifest: ObservationManifest }[]> {
  const runs = await completedRuns(store)
  const texts = await objects(store, [...new Set(runs.map(({ digest }) => digest))])
  const read = new Map([...texts].map(([digest, text]) => [digest, ObservationManifest.parse(JSON.parse(text))]))
  return runs.flatMap(({ at, digest }) => {
    const manifest = read.get(digest)
    return manifest === undefined ? [] : [{ at, manifest }]
  })
}

/** Oldest first by the time of their beginning: a clock that went back must not break a row of looks. */
async function completedRuns(store: Store): Promise<{ at: string; digest: string }[]> {
  const found: { at: string; digest: string }[] = []
  for (let offset = 0; offset < maxRuns; offset += runsAtOnce) {
    const runs = await store.runs.list({ limit: runsAtOnce, offset })
    found.push(...runs.flatMap(lookOf))
    if (runs.length < runsAtOnce) break
  }
  return found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

function lookOf({ outcome, observations, startedAt }: Run): { at: string; digest: string }[] {
  return outcome === 'completed' && observations !== null ? [{ at: startedAt, digest: observations }] : []
}

const Stored = z.discriminatedUnion('state', [
  z.object({ state: z.literal('seen'), facts: DeclaredServer }),
  z.object({ state: z.literal('absent') }),
])

/** The keyed hashes in each declaration that was ever seen. A day on which it could not be read says nothing, and is left out. */
async function fingerprintsIn(
  store: Store,
  looks: ReadonlyMap<string, readonly Look[]>,
): Promise<Map<string, ReadonlySet<string>>> {
  const digests = [...new Set([...looks.values()].flat().map(({ digest }) => digest))]
  const texts = await objects(store, digests)
  return new Map(
    [...texts].flatMap(([digest, text]): [string, ReadonlySet<string>][] => {
      const stored = Stored.safeParse(JSON.parse(text)).data
      return stored === undefined ? [] : [[digest, stored.state === 'seen' ? hashesOf(stored.facts) : none]]
    }),
  )
}

async function objects(store: Store, digests: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let from = 0; from < digests.length; from += objectsAtOnce) {
    const texts = await store.objects.getMany(digests.slice(from, from + objectsAtOnce))
    for (const [digest, text] of texts) found.set(digest, text)
  }
  return found
}

function hashesOf({ args, env, headers, urlSecrets }: DeclaredServer): ReadonlySet<string> {
  const values: SafeValue[] = [
    ...args,
    ...Object.values(env),
    ...Object.values(headers),
    ...urlSecrets.map(({ value }) => value),
  ]
  return new Set(values.flatMap((value) => (value.kind === 'hidden' ? [value.fingerprint] : [])))
}
