import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { digestOfText } from '../canonical-json.ts'
import { packageUrl } from '../purl.ts'

/** The server as others know it too: its package without a version, or the address of its endpoint; null where it is neither. */
export function serverUri({ launch, url }: Pick<DeclaredServer, 'launch' | 'url'>): string | null {
  if ('ecosystem' in launch) return packageUrl(launch.ecosystem, launch.name, null)
  return launch.via === 'remote' && url !== null && !url.includes('*') ? url : null
}

/** What a server is called that has no name elsewhere: it is one of this publisher alone. */
export function ownServerUri(publisher: string, name: string): string {
  return `urn:upkeep:server:${[publisher, name].map((part) => encodeURIComponent(part.toWellFormed())).join(':')}`
}

/** What the subject of an in-toto statement is known by. Without any bytes it is known by its name alone, and the digest says so. */
export function subjectDigest(
  uri: string,
  { integrity, tree }: { integrity: string | null; tree: string | null },
): Record<string, string> {
  const known = {
    ...(integrity === null ? {} : { upkeepPackage: integrity }),
    ...(tree === null ? {} : { upkeepTree: tree }),
  }
  return Object.keys(known).length === 0 ? { uriSha256: digestOfText(uri) } : known
}
