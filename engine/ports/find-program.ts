import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The program of that name on a search path; null when there is none. Relative entries of the path are not followed. */
export function findProgram(name: string, path: string = systemPath): string | null {
  const folders = path.split(':').filter((folder) => folder.startsWith('/'))
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
