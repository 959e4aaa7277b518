import type { FilesPort } from '@upkeep/contract/ports'

/** Bounds of one package: past them it is cut and says so. */
export const scriptBounds = { files: 5_000, fileBytes: 16 << 20, bytes: 256 << 20, depth: 24, names: 10_000 }

/** What a script file is called. */
export const scriptName = /\.[cm]?js$/

/** Script files below a package's folder, without those of packages inside it. Links are not followed: what they lead to is elsewhere. */
export function scriptFiles(files: FilesPort, folder: string, problem: (why: string) => void): string[] {
  const found: string[] = []
  const waiting = [{ path: folder, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, depth } = next
    const names = namesIn(files, path, problem)
    found.push(...names.filter((name) => scriptName.test(name)).map((name) => `${path}/${name}`))
    if (found.length > scriptBounds.files) {
      problem(`more than ${scriptBounds.files} script files: cut there`)
      return found.slice(0, scriptBounds.files)
    }
    const folders = names.filter((name) => mayBeFolder(name) && isFolder(files, `${path}/${name}`))
    if (folders.length > 0 && depth >= scriptBounds.depth) problem('folders lie deeper than is looked')
    else for (const name of folders) waiting.push({ path: `${path}/${name}`, depth: depth + 1 })
  }
  return found.sort()
}

function namesIn(files: FilesPort, path: string, problem: (why: string) => void): string[] {
  const list = files.list(path, scriptBounds.names)
  if (list.state === 'unavailable') problem(list.reason)
  if (list.state !== 'present') return []
  if (list.truncated) problem(`a folder has more than ${scriptBounds.names} names: cut there`)
  return list.names
}

function mayBeFolder(name: string): boolean {
  return (
    !scriptName.test(name) &&
    name !== 'node_modules' &&
    name !== '.git' &&
    !/\.(map|ts|json|md|html|css|txt|wasm|node)$/.test(name)
  )
}

function isFolder(files: FilesPort, path: string): boolean {
  const facts = files.inspect(path)
  return facts.state === 'present' && facts.type === 'folder'
}
