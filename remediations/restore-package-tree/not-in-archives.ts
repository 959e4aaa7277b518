import type { FilesPort } from '@upkeep/contract/ports'

const maxNames = 50_000
const maxNamed = 100
/** What npm itself puts beside the packages. */
const ofNpm = new Set(['.bin', '.package-lock.json'])

/**
 * What lies where packages are installed and is none of those that an archive is at hand for: whole packages that npm's list does not have
 * or that are not kept, links, loose files. It is left as it is, and each is named; past a hundred the rest is counted.
 */
export function notInArchives(root: string, packages: ReadonlySet<string>, files: FilesPort): string[] {
  const found = { strangers: [] as string[], unread: [] as string[], seen: 0 }
  for (const at of ['', ...[...packages].sort()]) {
    const folder = at === '' ? 'node_modules' : `${at}/node_modules`
    lookInto(root, folder, packages, files, found)
  }
  const { strangers, unread } = found
  const more = strangers.length - maxNamed
  return [
    ...strangers.slice(0, maxNamed).map((at) => `${root}/${at} is in no archive that is kept: it stays as it is`),
    ...(more > 0 ? [`${more} more below ${root} are in no archive that is kept: they stay as they are`] : []),
    ...unread,
  ]
}

interface Found {
  strangers: string[]
  unread: string[]
  seen: number
}

function lookInto(root: string, folder: string, packages: ReadonlySet<string>, files: FilesPort, found: Found): void {
  const isScope = /(?:^|\/)@[^/]+$/.test(folder)
  for (const name of namesIn(root, folder, files, found)) {
    const at = `${folder}/${name}`
    if (packages.has(at) || (!isScope && ofNpm.has(name))) continue
    if (!isScope && name.startsWith('@')) lookInto(root, at, packages, files, found)
    else found.strangers.push(at)
  }
}

/** The names in a folder that is there, sorted. What a link leads to is somebody else's, and what is installed behind it is not this tree. */
function namesIn(root: string, folder: string, files: FilesPort, found: Found): string[] {
  const path = `${root}/${folder}`
  const facts = files.inspect(path)
  if (facts.state === 'unavailable') found.unread.push(`${path}: ${facts.reason}`)
  if (facts.state !== 'present') return []
  if (facts.type !== 'folder') {
    found.strangers.push(folder)
    return []
  }
  const listed = files.list(path, maxNames)
  if (listed.state === 'unavailable') found.unread.push(`${path}: ${listed.reason}`)
  if (listed.state !== 'present') return []
  found.seen += listed.names.length
  if (!listed.truncated && found.seen <= maxNames) return [...listed.names].sort()
  found.unread.push(`${path}: more than ${maxNames} names, so what else lies there is not known`)
  return []
}
