import type { Facts } from '@upkeep/contract'
import { z } from 'zod'

export type Packument = Facts<'registry'>['packages'][number]
type PublishedVersion = Packument['versions'][number]

const Text = z.string().max(1_000)
const Dictionary = z.record(z.string(), z.unknown())
/** The parts of a registry's answer that choosing a version needs. Old packages have odd values in most other places, and in these too. */
const Answer = z.object({
  name: z.string().min(1).max(300),
  'dist-tags': Dictionary.optional(),
  versions: z.record(z.string().max(256), Dictionary),
  time: Dictionary.optional(),
  maintainers: z.unknown().optional(),
})

const maxVersions = 20_000

/** Cuts a registry's answer about one package to a packument; a text says what is wrong with it. */
export function cutPackument(value: unknown): Packument | string {
  const parsed = Answer.safeParse(value)
  if (!parsed.success) return 'it is not a packument'
  const { name, versions, time } = parsed.data
  const listed = Object.entries(versions)
  if (listed.length > maxVersions) return `it lists more than ${maxVersions} versions`
  return {
    name,
    state: 'listed',
    distTags: textsOf(parsed.data['dist-tags'] ?? {}),
    versions: listed.map(([version, facts]) => publishedVersion(version, facts, time?.[version])),
    ...maintainersOf(parsed.data.maintainers, listed),
  }
}

function publishedVersion(version: string, facts: Record<string, unknown>, publishedAt: unknown): PublishedVersion {
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
  }
}

/** Whether a signature and an attestation are carried. That they hold is not looked at here. */
function carried(dist: unknown): Pick<PublishedVersion, 'signed' | 'attested'> {
  const parsed = Dictionary.safeParse(dist)
  if (!parsed.success || typeof parsed.data.tarball !== 'string') return {}
  const { signatures, attestations } = parsed.data
  return { signed: Array.isArray(signatures) && signatures.length > 0, attested: typeof attestations === 'object' }
}

function deprecationOf(said: unknown): Pick<PublishedVersion, 'deprecation'> {
  const text = textOf(said)
  return text === null || text === '' ? {} : { deprecation: text }
}

const scriptsOfInstalling = ['preinstall', 'install', 'postinstall']

/** Whether installing runs scripts; an answer that was cut does not say. */
function scriptsOf(facts: Record<string, unknown>): Pick<PublishedVersion, 'installScripts'> {
  if (typeof facts.hasInstallScript === 'boolean') return { installScripts: facts.hasInstallScript }
  const dist = Dictionary.safeParse(facts.dist)
  if (!dist.success || typeof dist.data.tarball !== 'string') return {}
  const scripts = Dictionary.safeParse(facts.scripts)
  return { installScripts: scripts.success && scriptsOfInstalling.some((name) => name in scripts.data) }
}

const People = z.array(z.object({ name: z.string().min(1).max(100) })).max(1_000)
const maxPeople = 50

/** Who may publish, now and at each version where that changed; left out unless the answer says who does now. */
function maintainersOf(
  now: unknown,
  listed: readonly [string, Record<string, unknown>][],
): Pick<Packument, 'maintainers'> {
  const names = namesOf(now)
  if (names.length === 0) return {}
  const since: { from: string; names: string[] }[] = []
  for (const [version, facts] of listed) {
    const then = namesOf(facts.maintainers)
    if (then.join() !== since.at(-1)?.names.join()) since.push({ from: version, names: then })
  }
  return { maintainers: { now: names, since: since.slice(0, maxChanges) } }
}

const maxChanges = 1_000

function namesOf(value: unknown): string[] {
  const people = People.safeParse(value)
  if (!people.success) return []
  return [...new Set(people.data.map((one) => one.name))].sort().slice(0, maxPeople)
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
