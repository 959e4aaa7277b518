import type { FilesPort } from '@upkeep/contract/ports'
import type { BundledMatch } from '@upkeep/domain/bundled-code/match-fingerprints'
import type { FingerprintIndex } from './index-pack.ts'
import { recognise } from './recognise.ts'
import { scriptBounds, scriptFiles } from './script-files.ts'

/** A package recognised in a file, whose path is relative to the package that was looked into. */
export interface Recognised extends BundledMatch {
  file: string
  /** In an image, where the path is that in the image: the package whose folder holds the file, and the layer that put it there. */
  inImage?: { within: string; layer: string } | undefined
}

/** What was recognised in one package, and what of it could not be looked into. */
export interface Inside {
  found: Recognised[]
  problems: string[]
}

/** Looks into every script file of a package, or into one file. */
export function lookInside(files: FilesPort, path: string, indexes: readonly FingerprintIndex[]): Inside {
  const inside: Inside = { found: [], problems: [] }
  const problem = (why: string) => {
    if (inside.problems.length < 20) inside.problems.push(why)
  }
  const packages = indexes.flatMap((index) => index.packages)
  const { folder, paths } = scriptsAt(files, path, problem)
  let room = scriptBounds.bytes
  for (const file of paths) {
    const text = scriptText(files, file, problem) ?? ''
    const name = file.slice(folder.length + 1).toWellFormed()
    inside.found.push(...recognise(text, packages).map((match) => ({ ...match, file: name })))
    room -= text.length
    if (room > 0) continue
    problem(`more than ${scriptBounds.bytes} bytes of scripts: cut there`)
    break
  }
  return { ...inside, found: oneEach(inside.found) }
}

function scriptsAt(files: FilesPort, path: string, problem: (why: string) => void) {
  const facts = files.inspect(path)
  const single = facts.state === 'present' && facts.type === 'file'
  if (single) return { folder: path.slice(0, path.lastIndexOf('/')), paths: [path] }
  return { folder: path, paths: scriptFiles(files, path, problem) }
}

function scriptText(files: FilesPort, path: string, problem: (why: string) => void): string | null {
  const read = files.read(path, scriptBounds.fileBytes)
  if (read.state === 'present') return new TextDecoder().decode(read.bytes)
  // A link that leads nowhere, or a folder that is called like a script.
  if (read.state === 'unavailable' && read.code !== 'not-a-file') problem(`a script file: ${read.reason}`)
  return null
}

/** Files of one package that hold the same thing are one finding, in the file that holds most of it; different versions stay apart. */
export function oneEach(found: readonly Recognised[]): Recognised[] {
  const best = new Map<string, Recognised>()
  for (const one of [...found].sort((a, b) => b.found.words - a.found.words || (a.file < b.file ? -1 : 1))) {
    const key = [...best.keys()].find((known) => agrees(best.get(known), one)) ?? `${best.size}`
    best.set(key, narrowed(best.get(key), one))
  }
  return [...best.values()]
}

function agrees(known: Recognised | undefined, one: Recognised): boolean {
  if (known === undefined || known.name !== one.name || known.ecosystem !== one.ecosystem) return false
  if (known.versions.length === 0 || one.versions.length === 0) return known.versions.length === one.versions.length
  return known.versions.some((version) => one.versions.includes(version))
}

/** What two files can both be is what their package has. */
function narrowed(known: Recognised | undefined, one: Recognised): Recognised {
  if (known === undefined) return one
  const both = (a: readonly string[], b: readonly string[]) => a.filter((version) => b.includes(version))
  const nearest = both(known.nearest, one.nearest)
  return {
    ...known,
    versions: both(known.versions, one.versions),
    nearest: nearest.length > 0 ? nearest : known.nearest,
  }
}
