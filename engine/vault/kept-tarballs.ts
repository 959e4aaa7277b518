import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { keptPath } from '@upkeep/domain/dependency-health/kept-path'

/** The folder of kept objects: files named by their own digest. */
export function keptObjectsIn(stateDir: string): string {
  return join(stateDir, 'objects')
}

/** Whether a tarball is kept whole. `altered`: what lies there is no longer what its name says. */
export async function stateOfKept(folder: string, integrity: string): Promise<'kept' | 'altered' | 'absent'> {
  const path = keptPath(integrity)
  if (path === null || !existsSync(join(folder, path))) return 'absent'
  return (await sha512Of(join(folder, path))) === path ? 'kept' : 'altered'
}

/** A name for a file that is about to be kept, in the same folder, so that it can be put in place in one step. */
export function draftIn(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${randomBytes(8).toString('hex')}.draft`)
}

/** Puts a file among the kept ones if it has the bytes that `integrity` names; else it is removed, and false. */
export async function adopt(folder: string, draft: string, integrity: string): Promise<boolean> {
  const path = keptPath(integrity)
  if (path === null || (await sha512Of(draft)) !== path) {
    rmSync(draft, { force: true })
    return false
  }
  mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
  renameSync(draft, join(folder, path))
  return true
}

async function sha512Of(file: string): Promise<string> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  const hex = hash.digest('hex')
  return `sha512/${hex.slice(0, 2)}/${hex.slice(2)}`
}
