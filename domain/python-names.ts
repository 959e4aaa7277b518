/** A Python package's name in the form in which all spellings of it are equal (PEP 503): lower case, runs of `-`, `_`, `.` as one `-`. */
export function pythonName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase()
}

/** What a Python requirement asks for: `name[extra]==1.0; marker`. Null when it does not start with a name. */
export function pythonRequirement(
  text: string,
): { name: string; requested: string | null; pinned: string | null } | null {
  const named = /^\s*([A-Za-z0-9][A-Za-z0-9._-]{0,200})\s*(?:\[[^\]]{0,500}\])?/.exec(text)
  if (named?.[1] === undefined) return null
  const rest = (text.slice(named[0].length).split(';')[0] ?? '').trim()
  const exact = /^={2,3}\s*([A-Za-z0-9.!+_-]{1,100})$/.exec(rest)
  return { name: pythonName(named[1]), requested: rest === '' ? null : rest, pinned: exact?.[1] ?? null }
}

/** Name and version that the name of a `.dist-info` folder states; the METADATA inside is what counts. Null for other names. */
export function distInfoName(folder: string): { name: string; version: string } | null {
  const match = /^([^-]{1,214})-([^-]{1,100})\.dist-info$/.exec(folder)
  return match?.[1] === undefined || match[2] === undefined ? null : { name: pythonName(match[1]), version: match[2] }
}

/** The headers of a METADATA file: everything before the first empty line, first occurrence of each, names in lower case. */
export function metadataHeaders(text: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const line of text.split(/\r?\n/, 2000)) {
    if (line === '') break
    const colon = line.indexOf(':')
    if (colon < 1 || line.startsWith(' ') || line.startsWith('\t')) continue
    const name = line.slice(0, colon).toLowerCase()
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
  }
  return headers
}

/** Top-level files and folders that a RECORD lists: what of `site-packages` belongs to the package. */
export function recordedTops(record: string): string[] {
  const tops = new Set<string>()
  for (const line of record.split(/\r?\n/)) {
    const path = line.startsWith('"') ? line.slice(1, line.indexOf('"', 1)) : (line.split(',')[0] ?? '')
    const top = path.split('/')[0] ?? ''
    // Scripts are recorded as ../../../bin/name: they lie outside and are covered by the environment's own digest.
    if (top !== '' && top !== '.' && top !== '..') tops.add(top)
  }
  return [...tops].sort()
}
