import type { Facts } from '@upkeep/contract'
import type { PackageHealth } from '@upkeep/contract/observations/dependency-health'
import type { Component, Installation } from '@upkeep/contract/observations/resolved-package'
import { type Comparison, compareKept } from './compare-kept.ts'
import { readNpmRecord } from './npm-record.ts'
import { type ReadsFiles, readStated } from './stated.ts'

type Copy = Facts<'dependency-health'>['copies'][number]

const maxProblems = 100

/** Describes each npm package of an installed copy, in the order of the copy's own list. */
export function describeCopy(
  files: ReadsFiles,
  copy: Installation,
  { name, wouldRun }: { name: string; wouldRun: boolean },
  comparison: Comparison | null,
): Copy {
  const record = readNpmRecord(files, copy.root)
  const problems: string[] = copy.problems.length === 0 ? [] : [`${copy.problems.length} parts could not be read`]
  if (record.state === 'unreadable') problems.push(`node_modules/.package-lock.json: ${record.reason}`)
  const packages = copy.components.filter(isInstalled).map((component): PackageHealth => {
    const folder = folderOf(copy.root, component.path)
    const recorded = record.state === 'read' ? (record.packages.get(component.path) ?? null) : null
    const integrity = recorded?.integrity ?? null
    const kept =
      integrity === null || comparison === null
        ? undefined
        : compareKept(comparison, { folder, digest: component.digest, integrity })
    const { problem, ...described } = describePackage(files, component, { folder, recorded, name })
    if (problem !== null) problems.push(problem)
    return { ...described, ...(kept === undefined ? {} : { kept }) }
  })
  return { root: copy.root, wouldRun, lockfile: record.state, packages, problems: problems.slice(0, maxProblems) }
}

/** What one package says of itself, beside what npm wrote down of it; `problem` where its manifest could not be read. */
export function describePackage(
  files: ReadsFiles,
  component: Component,
  { folder, recorded, name }: { folder: string; recorded: PackageHealth['recorded']; name: string },
): PackageHealth & { problem: string | null } {
  const { licence, installScripts, engines, repository, problem } = readStated(files, folder)
  return {
    name: component.name,
    version: component.version,
    path: component.path,
    direct: component.name === name,
    licence,
    installScripts,
    engines,
    ...(repository === null ? {} : { repository }),
    recorded,
    problem: problem === null ? null : `${component.path}/package.json: ${problem}`,
  }
}

/** A part that was recognised inside another's files has no folder of its own to read. */
export function isInstalled({ ecosystem, evidence }: Component): boolean {
  return ecosystem === 'npm' && (evidence === undefined || evidence.technique === 'manifest')
}

function folderOf(root: string, path: string): string {
  if (path === '.') return root
  return path.startsWith('/') ? path : `${root === '/' ? '' : root}/${path}`
}
