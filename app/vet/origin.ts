import { createHash } from 'node:crypto'
import type { Observation } from '@upkeep/contract'
import type { PublishedVersion } from '@upkeep/contract/observations/registry'
import { z } from 'zod'
import type { Candidate } from './candidate.ts'
import type { Obtained } from './obtained.ts'

const Mark = z.strictObject({
  state: z.enum(['verified', 'failed', 'unavailable']),
  why: z.string(),
  builtFrom: z.string().optional().describe('The repository, where a provenance is verified'),
})
type Mark = z.infer<typeof Mark>

/** What checking the registry's signature over a candidate and the attestation of its origin came to. */
export const Origin = z.strictObject({ signature: Mark, provenance: Mark })
export type Origin = z.infer<typeof Origin>

interface Asked {
  obtained: Obtained | null
  candidate: Candidate
  online: boolean
}

/** By what the round over the candidate saw of the registry. Never better than what is known of these very bytes. */
export function originOf(seen: readonly Observation[], { obtained, candidate, online }: Asked): Origin {
  const both = (why: string): Origin => ({ signature: unavailable(why), provenance: unavailable(why) })
  if (candidate.kind === 'MCP bundle') return both('a bundle is in no registry that signs it')
  if (candidate.kind !== 'npm package') return both('signatures and attestations of Python packages are not checked')
  if (obtained === null) return both('it could not be had')
  const answer = seen.find((one) => one.kind === 'registry')
  if (answer === undefined || answer.state !== 'seen')
    return both(online ? (answer?.reason ?? 'the registry was not asked') : 'the registry is asked only with --online')
  const { packages, failed } = answer.facts
  const refused = failed.find((one) => one.name === candidate.name)
  if (refused !== undefined) return both(`the registry: ${refused.reason}`)
  const listed = packages.find((one) => one.name === candidate.name)
  const version = listed?.versions.find((one) => one.version === candidate.version)
  return version === undefined ? both('the registry does not list that version') : ofVersion(version, obtained.bytes)
}

function ofVersion(version: PublishedVersion, bytes: Buffer): Origin {
  const stated = /(?:^|\s)sha512-([A-Za-z0-9+/]{86}==)/.exec(version.integrity ?? '')?.[1]
  const isOver = stated !== undefined && stated === createHash('sha512').update(bytes).digest('base64')
  const { signature, provenance, signed, attested } = version
  const mark = (check: typeof provenance, isCarried: boolean | undefined): Mark => {
    if (check === undefined) return unavailable(isCarried ? 'carried by this registry, not checked' : notThere)
    if (check.state === 'verified' && !isOver)
      return { state: 'failed', why: stated === undefined ? noDigest : 'it is over other bytes than these' }
    const { state, why, source } = check
    return { state, why, ...(source === undefined ? {} : { builtFrom: source }) }
  }
  return { signature: mark(signature, signed), provenance: mark(provenance, attested) }
}

const notThere = 'unavailable from this registry'
const noDigest = 'the registry states no SHA-512 of what it is over'

function unavailable(why: string): Mark {
  return { state: 'unavailable', why }
}

/** A mark for a line: its state, and what it rests on. */
export function markWords({ state, why, builtFrom }: Mark): string {
  const head = why === '' || why.startsWith(state) ? why || state : `${state}: ${why}`
  return `${head}${builtFrom === undefined ? '' : `, from ${builtFrom}`}`
}
