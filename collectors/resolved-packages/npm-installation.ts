import type { Component, Installation } from '@upkeep/contract/observations/resolved-package'
import type { FilesPort } from '@upkeep/contract/ports'
import { digestOf } from '@upkeep/domain/canonical-json'
import { type FoundPackage, type FoundTree, treeBounds } from './found-package.ts'
import { relativeTo, shown } from './search.ts'

/** What is known of an installation besides its tree. */
export interface InstallationHead {
  where: Installation['where']
  root: string
  main: FoundPackage | null
  cacheKey: string | null
  requested: string | null
}

interface Totals {
  files: number
  bytes: number
}

/** An installation with the digest of each package's own files, and of what lies between the packages. */
export function describeInstallation(files: FilesPort, tree: FoundTree, head: InstallationHead): Installation {
  const problems = [...tree.problems]
  const totals: Totals = { files: 0, bytes: 0 }
  const components = tree.packages
    .map((found) => componentOf(files, found, head, { problems, totals }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const between = tree.nodeModules.map((folder) => {
    const inside = tree.packages.filter((found) => found.folder.startsWith(`${folder}/`))
    const except = inside.map((found) => found.folder.slice(folder.length + 1))
    return [relativeTo(head.root, folder), partDigest(files, folder, except, { problems, totals, root: head.root })]
  })
  const whole = problems.length === 0 && components.every((component) => component.digest !== null)
  return {
    where: head.where,
    root: head.root,
    version: head.main?.manifest?.version ?? null,
    cacheKey: head.cacheKey,
    requested: head.requested,
    engines: head.main?.manifest?.engines ?? null,
    digest: whole ? digestOf([components.map(({ path, digest }) => [path, digest]), between]) : null,
    components,
    problems: problems.slice(0, 100).map((problem) => problem.slice(0, 500).toWellFormed()),
  }
}

function componentOf(
  files: FilesPort,
  found: FoundPackage,
  { root, where, main }: InstallationHead,
  state: { problems: string[]; totals: Totals },
): Component {
  // A source checkout: what git does of itself there is not the server's.
  const except = where === 'script' && found.folder === main?.folder ? ['node_modules', '.git'] : ['node_modules']
  return {
    ecosystem: 'npm',
    name: found.manifest?.name ?? shown(found.called || 'unnamed'),
    version: found.manifest?.version ?? null,
    path: relativeTo(root, found.folder).toWellFormed(),
    digest: partDigest(files, found.folder, except, { ...state, root }),
  }
}

function partDigest(
  files: FilesPort,
  folder: string,
  except: readonly string[],
  { problems, totals, root }: { problems: string[]; totals: Totals; root: string },
): string | null {
  const problem = (why: string) => problems.push(`${shown(relativeTo(root, folder))}: ${why}`)
  if (totals.files >= treeBounds.files || totals.bytes >= treeBounds.bytes) {
    problem('the tree is larger than is read: not covered')
    return null
  }
  const limits = { maxFiles: treeBounds.filesPerPackage, maxBytes: treeBounds.bytesPerPackage }
  const part = files.digestTree(folder, { except, ...limits })
  if (part.state !== 'present') {
    // A refused walk has cost as much as it could: links to large folders must not be paid for without end.
    totals.files += treeBounds.filesPerPackage
    problem(part.state === 'absent' ? 'gone while looking' : part.reason)
    return null
  }
  totals.files += part.files
  totals.bytes += part.bytes
  for (const why of part.problems) problem(why)
  return part.problems.length === 0 ? part.digest : null
}
