import type { Facts, FilesPort } from '@upkeep/contract'
import type { PackageHealth } from '@upkeep/contract/observations/dependency-health'
import type { Component, Installation } from '@upkeep/contract/observations/resolved-package'
import { type Recorded, readNpmRecord } from './npm-record.ts'
import { readStated } from './stated.ts'

type Copy = Facts<'dependency-health'>['copies'][number]

const maxProblems = 100

/** Describes each npm package of an installed copy, in the order of the copy's own list. */
export function describeCopy(
  files: FilesPort,
  copy: Installation,
  { name, wouldRun }: { name: string; wouldRun: boolean },
): Copy {
  const record = readNpmRecord(files, copy.root)
  const problems: string[] = copy.problems.length === 0 ? [] : [`${copy.problems.length} parts could not be read`]
  if (record.state === 'unreadable') problems.push(`node_modules/.package-lock.json: ${record.reason}`)
  const packages = copy.components.filter(isInstalled).map((component): PackageHealth => {
    const stated = readStated(files, folderOf(copy.root, component.path))
    if (stated.problem !== null) problems.push(`${component.path}/package.json: ${stated.problem}`)
    return {
      name: component.name,
      version: component.version,
      path: component.path,
      direct: component.name === name,
      licence: stated.licence,
      installScripts: stated.installScripts,
      engines: stated.engines,
      recorded: record.state === 'read' ? recordedAt(record.packages, component.path) : null,
    }
  })
  return { root: copy.root, wouldRun, lockfile: record.state, packages, problems: problems.slice(0, maxProblems) }
}

/** A part that was recognised inside another's files has no folder of its own to read. */
function isInstalled({ ecosystem, evidence }: Component): boolean {
  return ecosystem === 'npm' && (evidence === undefined || evidence.technique === 'manifest')
}

function folderOf(root: string, path: string): string {
  if (path === '.') return root
  return path.startsWith('/') ? path : `${root === '/' ? '' : root}/${path}`
}

function recordedAt(packages: ReadonlyMap<string, Recorded>, path: string): Recorded | null {
  return packages.get(path) ?? null
}
