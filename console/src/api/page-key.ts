const place = 'upkeep-page'

/**
 * What this page has and no other port of the machine, to which browsers send the same cookie: drawn once, and kept where the browser keeps it for this
 * very address.
 */
export function pageKey(): string {
  drawn ??= keptKey()
  return drawn
}

let drawn: string | null = null

function keptKey(): string {
  const kept = read()
  if (kept !== null && /^[\w-]{43}$/.test(kept)) return kept
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const key = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
  try {
    localStorage.setItem(place, key)
  } catch {
    // A browser that keeps nothing has the key until the page is loaded again; then its person signs in again.
  }
  return key
}

function read(): string | null {
  try {
    return localStorage.getItem(place)
  } catch {
    return null
  }
}

/** Goes with whatever is asked of the API. */
export function pageHeader(): Record<string, string> {
  return { 'upkeep-page': pageKey() }
}
