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
  // By its id alone, which of kept records is at hand: names put together for each of a hundred thousand would cost more than all else.
  const known = new Map<string, { subject: Subject; owners: string[] }>()
  return (subject) => {
    const former = known.get(subject.id)
    if (former?.subject.kind === subject.kind && former.subject.name === subject.name) return former.owners
    const owners = ownersNow(subject)
    known.set(subject.id, { subject, owners })
    return owners
  }
  function ownersNow(subject: Subject): string[] {
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
  const repository = repositoryOf(dirname(path), known)
  if (repository === null) return []
  const inside = relative(repository.root, path).split(sep).join('/')
  return repository.owners.of(inside)?.owners ?? []
}

/** The nearest repository above a folder; null where there is none, or where it names no owners. Each folder is looked at once. */
function repositoryOf(folder: string, known: Map<string, Repository | null>): Repository | null {
  const passed: string[] = []
  let [at, found] = [folder, known.get(folder)]
  while (found === undefined) {
    if (passed.length > maxLevels) return null
    passed.push(at)
    const above = dirname(at)
    if (existsSync(join(at, '.git'))) found = repositoryAt(at)
    else found = above === at ? null : known.get(above)
    at = above
  }
  for (const one of passed) known.set(one, found)
  return found
}

function repositoryAt(root: string): Repository | null {
  for (const place of codeOwnersPlaces) {
    const read = readBounded(join(root, place), maxBytes)
    if (read.state === 'present') return { root, owners: readCodeOwners(new TextDecoder().decode(read.bytes)) }
  }
  return null
}
