import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Settings } from '@upkeep/contract/settings'
import { safeUrl } from './redaction/safe-url.ts'
import type { Fingerprint } from './redaction/safe-value.ts'

export type ListedEndpoint = Settings['probe'][number]

/**
 * The endpoint under `probe` that a declared server is. What a client's file says is known only in its shown form, so both are compared
 * in that form: the shown address and the keyed hashes of what it hides. A reference that the client expands fits any value.
 */
export function findListed<Listed extends { url: string }>(
  server: Pick<DeclaredServer, 'url' | 'urlSecrets'>,
  listed: readonly Listed[],
  fingerprint: Fingerprint,
): Listed | null {
  if (server.url === null) return null
  return (
    listed.find((endpoint) => {
      const shown = safeUrl(endpoint.url, [], fingerprint)
      return shown.url === server.url && sameSecrets(server.urlSecrets, shown.secrets)
    }) ?? null
  )
}

/** What an address is of, whatever its query says: by this a vendor's server is recognised under another name. */
export function endpointOf(url: string): string {
  const parts = /^([a-z]+:\/\/[^/?#]{1,500})([^?#]{0,4000})/i.exec(url)
  return parts === null ? url : `${(parts[1] ?? '').toLowerCase()}${(parts[2] ?? '').replace(/\/$/, '')}`
}

type Secrets = readonly DeclaredServer['urlSecrets'][number][]

function sameSecrets(declared: Secrets, listed: Secrets): boolean {
  if (declared.length !== listed.length) return false
  return declared.every(({ where, value }, index) => {
    const other = listed[index]
    if (other === undefined || other.where !== where) return false
    if (value.kind === 'reference') return true
    return value.kind === 'hidden' && other.value.kind === 'hidden' && value.fingerprint === other.value.fingerprint
  })
}
