import { createHash } from 'node:crypto'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { z } from 'zod'
import { addressOf, fetchArchive, notObtained, type Obtained, type Waits } from './obtained.ts'

const Version = z.object({
  deprecated: z.union([z.string(), z.boolean()]).optional(),
  dist: z.object({ tarball: z.string().max(4_000), integrity: z.string().max(1_000).optional() }),
})

/** The tarball of one version, as the npm registry has it. */
export async function fromNpm(
  name: string,
  version: string,
  { registryUrl, signal, waits }: { registryUrl: string; signal: AbortSignal; waits: Waits },
): Promise<Obtained> {
  const url = `${registryUrl.replace(/\/$/, '')}/${name.replace('/', '%2f')}/${version}`
  const answer = await createHttpPort().exchange({ url, method: 'GET', timeoutMs: waits.pageMs, maxBytes: 8 << 20 })
  if (answer.state !== 'answered') throw notObtained(answer.reason)
  if (answer.status === 404) throw notObtained('the registry does not know that version')
  if (answer.status !== 200 || answer.truncated) throw notObtained(`the registry answered ${answer.status}`)
  const stated = versionIn(answer.body)
  if (stated === null) throw notObtained('the registry names no tarball')
  const bytes = await fetchArchive(addressOf(stated.dist.tarball, new URL(url)).href, { signal, waits })
  const integrity = integrityOf(bytes, stated.dist.integrity)
  const deprecated = stated.deprecated !== undefined && stated.deprecated !== false && stated.deprecated !== ''
  const notes = deprecated ? ['the registry says that it is deprecated'] : []
  const expected = { ecosystem: 'npm' as const, name, version }
  return { bytes, from: `${name} ${version} of the registry`, integrity, expected, notes }
}

function versionIn(body: string): z.infer<typeof Version> | null {
  try {
    return Version.parse(JSON.parse(body))
  } catch {
    return null
  }
}

/** @throws UserError when the bytes are not those that the registry states. */
function integrityOf(bytes: Buffer, stated: string | undefined): Obtained['integrity'] {
  const sha512 = /(?:^|\s)sha512-([A-Za-z0-9+/]{86}==)/.exec(stated ?? '')?.[1]
  if (sha512 === undefined) return 'not stated'
  if (createHash('sha512').update(bytes).digest('base64') === sha512) return 'verified'
  throw notObtained('its bytes are not those that the registry states')
}
