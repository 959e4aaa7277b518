/** Joins with the separator that the folder is written with, so that Windows' folders read as such wherever this runs. */
export function joinPath(folder: string, rest: string): string {
  const base = folder.replace(/[\\/]$/, '')
  const isWindows = /^[A-Za-z]:/.test(base) || base.startsWith('\\\\')
  return isWindows ? `${base}${rest.replaceAll('/', '\\')}` : `${base}${rest}`
}
