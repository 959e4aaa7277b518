import { z } from 'zod'
import { inOrder } from './version-sequence.ts'

const Text = z.string().max(1_000)
const Dictionary = z.record(z.string(), z.unknown())
/** The parts of a registry's answer that are looked at. Old packages have odd values in most other places, and in these too. */
const Answer = z.object({
  name: z.string().min(1).max(300),
  'dist-tags': Dictionary.optional(),
  versions: z.record(z.string().max(256), Dictionary),
  time: Dictionary.optional(),
  maintainers: z.unknown().optional(),
})

/** One version as the registry states it, with what there is to check. */
export const StatedVersion = z.strictObject({
  version: z.string(),
  engines: z.string().nullable(),
  deprecated: z.boolean(),
  deprecation: z.string().optional(),
  installScripts: z.boolean().optional(),
  publishedAt: z.string().nullable(),
  integrity: z.string().nullable(),
  /** Left out where the answer was cut to less than a registry gives. */
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })).optional(),
  /** Whether an attestation is carried. */
  attested: z.boolean().optional(),
  publisher: z.string().optional(),
  /** A number in `people` of the packument. */
  maintainers: z.int().optional(),
})
export type StatedVersion = z.infer<typeof StatedVersion>

/** A registry's answer about one package, cut to what is looked at: the form in which it is kept. Versions are in order. */
export const StatedPackument = z.strictObject({
  name: z.string(),
  distTags: z.record(z.string(), z.string()),
  versions: z.array(StatedVersion),
  datesDoubted: z.string().nullable(),
  /** Those who may publish now; empty where the registry does not say. */
  maintainers: z.array(z.string()),
  /** Each list of people that some version has, once. */
  people: z.array(z.array(z.string())),
})
export type StatedPackument = z.infer<typeof StatedPackument>

const maxVersions = 20_000

/** Cuts a registry's answer about one package; a text says what is wrong with it. */
export function cutPackument(value: unknown): StatedPackument | string {
  const parsed = Answer.safeParse(value)
  if (!parsed.success) return 'it is not a packument'
  const { name, versions, time } = parsed.data
  const listed = Object.entries(versions)
  if (listed.length > maxVersions) return `it lists more than ${maxVersions} versions`
  const people = new Map<string, number>()
  const stated = listed.map(([version, facts]) => statedVersion(version, facts, time?.[version], people))
  const { versions: ordered, datesDoubted } = inOrder(stated)
  return {
    name,
    distTags: textsOf(parsed.data['dist-tags'] ?? {}),
    versions: ordered,
    datesDoubted,
    maintainers: namesOf(parsed.data.maintainers),
    people: [...people.keys()].map((list) => list.split('\n')),
  }
}

function statedVersion(
  version: string,
  facts: Record<string, unknown>,
  publishedAt: unknown,
  people: Map<string, number>,
): StatedVersion {
  return {
    version,
    engines: textIn(facts.engines, 'node'),
    // The registry writes a message, an empty string when it was taken back, or a boolean.
    deprecated: facts.deprecated === true || (typeof facts.deprecated === 'string' && facts.deprecated !== ''),
    publishedAt: textOf(publishedAt),
    integrity: textIn(facts.dist, 'integrity'),
    ...carried(facts.dist),
    ...deprecationOf(facts.deprecated),
    ...scriptsOf(facts),
    ...publisherOf(facts._npmUser),
    ...maintainersOf(facts.maintainers, people),
  }
}

const Signatures = z.array(z.object({ keyid: z.string().max(200), sig: z.string().max(500) })).max(8)

/** The signatures, and whether an attestation is carried. Signatures in a form that is not known are as good as one that does not hold. */
function carried(dist: unknown): Pick<StatedVersion, 'signatures' | 'attested'> {
  const parsed = Dictionary.safeParse(dist)
  if (!parsed.success || typeof parsed.data.tarball !== 'string') return {}
  const { signatures, attestations } = parsed.data
  const unreadable = [{ keyid: 'in a form that is not known', sig: '' }]
  const hasSome = Array.isArray(signatures) ? signatures.length > 0 : signatures !== undefined && signatures !== null
  return {
    signatures: hasSome ? (Signatures.safeParse(signatures).data ?? unreadable) : [],
    attested: typeof attestations === 'object' && attestations !== null,
  }
}

function deprecationOf(said: unknown): Pick<StatedVersion, 'deprecation'> {
  const text = textOf(said)
  return text === null || text === '' ? {} : { deprecation: text }
}

const scriptsOfInstalling = ['preinstall', 'install', 'postinstall']

/** Whether installing runs scripts; an answer that was cut does not say. */
function scriptsOf(facts: Record<string, unknown>): Pick<StatedVersion, 'installScripts'> {
  if (typeof facts.hasInstallScript === 'boolean') return { installScripts: facts.hasInstallScript }
  const dist = Dictionary.safeParse(facts.dist)
  if (!dist.success || typeof dist.data.tarball !== 'string') return {}
  const scripts = Dictionary.safeParse(facts.scripts)
  return { installScripts: scripts.success && scriptsOfInstalling.some((name) => name in scripts.data) }
}

const Publisher = z.object({ name: z.string().min(1).max(100), trustedPublisher: z.unknown().optional() })

/** A build that publishes by itself is nobody's account; who built it is what its provenance says. */
function publisherOf(user: unknown): Pick<StatedVersion, 'publisher'> {
  const { data } = Publisher.safeParse(user)
  return data === undefined || (data.trustedPublisher ?? null) !== null ? {} : { publisher: oneLine(data.name) }
}

const People = z.array(z.object({ name: z.string().min(1).max(100) })).max(1_000)
const maxPeople = 50

/** Most versions have the list of the one before: each list is kept once. */
function maintainersOf(value: unknown, people: Map<string, number>): Pick<StatedVersion, 'maintainers'> {
  const names = namesOf(value)
  if (names.length === 0) return {}
  const list = names.join('\n')
  const known = people.get(list) ?? people.size
  people.set(list, known)
  return { maintainers: known }
}

function namesOf(value: unknown): string[] {
  const parsed = People.safeParse(value)
  if (!parsed.success) return []
  return [...new Set(parsed.data.map((one) => oneLine(one.name)))].sort().slice(0, maxPeople)
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ' ')
}

function textIn(value: unknown, key: string): string | null {
  const parsed = Dictionary.safeParse(value)
  return parsed.success ? textOf(parsed.data[key]) : null
}

function textOf(value: unknown): string | null {
  const parsed = Text.safeParse(value)
  return parsed.success ? parsed.data : null
}

function textsOf(values: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(values).flatMap(([key, value]): [string, string][] => {
    const text = textOf(value)
    return text === null || key.length > 200 ? [] : [[key, text]]
  })
  return Object.fromEntries(texts.slice(0, 1_000))
}
