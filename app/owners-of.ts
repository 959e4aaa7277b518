import { existsSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import type { Subject, UpkeepFile } from '@upkeep/contract'
import { type CodeOwners, codeOwnersPlaces, readCodeOwners } from '@upkeep/domain/code-owners'
import { readBounded } from '@upkeep/engine/ports/files-read'

const maxBytes = 3 << 20
const maxLevels = 64

/**
 * Who answers for a subject: whoever `upkeep.yaml` names for the server; else the owners that CODEOWNERS of the repository gives to the file
 * that declares it. Nobody where neither says.
 */
export function ownersOf(statements: UpkeepFile['servers']): (subject: Subject) => string[] {
  const repositories = new Map<string, Repository | null>()
  return (subject) => {
    const stated = statements.findLast(({ name, owner }) => subject.kind === 'server' && name === subject.name && owner)
    if (stated?.owner !== undefined) return [stated.owner]
    const path = pathOf(subject)
    return path === null ? [] : ownersOfFile(path, repositories)
  }
}

interface Repository {
  root: string
  owners: CodeOwners
}

/** The file that a server or file is declared in. */
function pathOf({ kind, id }: Subject): string | null {
  if (kind === 'file') return id.slice('file:'.length)
  return kind === 'server' ? (/^server:[^:]{1,100}:(.*)#/s.exec(id)?.[1] ?? null) : null
}

function ownersOfFile(path: string, known: Map<string, Repository | null>): string[] {
  const folder = dirname(path)
  const repository = known.get(folder) ?? repositoryOf(folder)
  known.set(folder, repository)
  if (repository === null) return []
  const inside = relative(repository.root, path).split(sep).join('/')
  return repository.owners.of(inside)?.owners ?? []
}

/** The nearest repository above a folder; null where there is none, or where it names no owners. */
function repositoryOf(folder: string): Repository | null {
  let root = folder
  for (let left = maxLevels; !existsSync(join(root, '.git')); left -= 1) {
    if (left === 0 || dirname(root) === root) return null
    root = dirname(root)
  }
  for (const place of codeOwnersPlaces) {
    const read = readBounded(join(root, place), maxBytes)
    if (read.state === 'present') return { root, owners: readCodeOwners(new TextDecoder().decode(read.bytes)) }
  }
  return null
}
