import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What npm writes beside the packages themselves: differs by npm version and platform, and is never started by path. */
const notPackageContent = new Set(['.bin', '.package-lock.json'])

/** Marks a name that has no content to pin, such as a link: its being there alone changes the digest. */
const notAFile = '//not-a-file'

/**
 * SHA-256 over relative path and content of every file of an installed tree, in path order. The same lock file gives the same
 * digest on every machine, so that pinned bytes can be told from others. Null when there is no tree.
 */
export function treeDigest(nodeModules: string): string | null {
  const whole = createHash('sha256')
  const files = filesBelow(nodeModules, '')
  if (files === null) return null
  for (const file of files.sort()) {
    whole.update(`${file}\0${file.endsWith(notAFile) ? '' : contentDigest(join(nodeModules, file))}\n`)
  }
  return whole.digest('hex')
}

function filesBelow(root: string, relative: string): string[] | null {
  const files: string[] = []
  for (const entry of entriesOf(join(root, relative)) ?? []) {
    if (notPackageContent.has(entry.name)) continue
    const path = relative === '' ? entry.name : `${relative}/${entry.name}`
    if (entry.isDirectory()) files.push(...(filesBelow(root, path) ?? []))
    else files.push(entry.isFile() ? path : `${path}${notAFile}`)
  }
  return files.length === 0 && relative === '' ? null : files
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return null
  }
}

function contentDigest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
