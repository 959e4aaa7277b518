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
  }
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
