/** What a `www-authenticate` header asks for: its scheme, and where RFC 9728 metadata is. Both bounded; null when not said. */
export interface Challenge {
  scheme: string | null
  resourceMetadata: string | null
}

/** Reads the first challenge of a `www-authenticate` header. */
export function readChallenge(header: string | null): Challenge {
  const text = (header ?? '').slice(0, 4_000)
  const scheme = /^\s*([A-Za-z][A-Za-z0-9._-]{0,30})(?=\s|$)/.exec(text)?.[1] ?? null
  const pointer = /[\s,]resource_metadata\s{0,5}=\s{0,5}(?:"([^"]{1,2000})"|([^\s,"]{1,2000}))/i.exec(text)
  const address = pointer?.[1] ?? pointer?.[2] ?? ''
  const isWeb = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)
  return { scheme, resourceMetadata: isWeb ? address : null }
}
