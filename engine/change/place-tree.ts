import { cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Refusal } from '@upkeep/contract/ports'
import { refusal } from '../ports/files-refusal.ts'

/**
 * Puts a copy of a tree where a launcher looks for it: all of it or nothing, and never over what lies there. A launcher's cache is filled by
 * the launcher itself at its next start; filled with the bytes that were tested, that start needs no registry and runs just these.
 */
export function placeTree(from: string, to: string): 'placed' | 'there' | Refusal {
  if (existsSync(to)) return 'there'
  const refused = mayFill(to)
  if (refused !== null) return refused
  const draft = `${to}.upkeep-draft`
  try {
    mkdirSync(dirname(to), { recursive: true })
    rmSync(draft, { recursive: true, force: true })
    cpSync(from, draft, { recursive: true, verbatimSymlinks: true, errorOnExist: true, force: false })
    renameSync(draft, to)
    return 'placed'
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (existsSync(to)) return 'there'
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    if (code === null) throw error
    return refusal('unreachable', `its tree could not be put in place (${code})`)
  }
}

/** Takes away a tree that `placeTree` put there. */
export function takeTreeAway(to: string): void {
  rmSync(to, { recursive: true, force: true })
}

/** Only below a folder that is this user's own. */
function mayFill(to: string): Refusal | null {
  let above = dirname(to)
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above)
  const uid = process.geteuid?.()
  const owner = statSync(above).uid
  if (uid === undefined || owner === uid) return null
  return refusal('permission-denied', `the folder it belongs in is user ${owner}'s, and this is user ${uid}`)
}
