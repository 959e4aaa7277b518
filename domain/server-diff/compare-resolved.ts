import type { Component, Installation, ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import { compareShown, type Difference, nothing } from './difference.ts'

/** At most this many packages are named one by one; the rest is counted. */
const namedAtMost = 20

/** How two resolutions of a server differ: which copies are there, their versions, and the bytes of every package in them. */
export function compareResolved(was: ResolvedPackage, is: ResolvedPackage): Difference[] {
  const places = [...new Set([...was.installed, ...is.installed].map((copy) => copy.root))].sort()
  return [
    ...places.flatMap((root) => compareInstallations(root, at(was, root), at(is, root))),
    ...compareShown('version', 'what would start', wouldStart(was), wouldStart(is)),
  ]
}

function at(resolved: ResolvedPackage, root: string): Installation | undefined {
  return resolved.installed.find((copy) => copy.root === root)
}

function wouldStart(resolved: ResolvedPackage): string {
  const copy = resolved.wouldRun === null ? undefined : resolved.installed[resolved.wouldRun]
  return copy === undefined ? 'not known' : `${resolved.name} ${copy.version ?? 'of no stated version'} in ${copy.root}`
}

function compareInstallations(root: string, was: Installation | undefined, is: Installation | undefined): Difference[] {
  if (was === undefined || is === undefined) return compareShown('version', root, installed(was), installed(is))
  const version = compareShown('version', root, was.version ?? nothing, is.version ?? nothing)
  // A copy that could not be read whole has no digest; what its known packages say still counts.
  if (was.digest !== null && was.digest === is.digest) return version
  const packages = compareComponents(root, was.components, is.components)
  return [...version, ...packages.slice(0, namedAtMost), ...remainder(root, packages.length - namedAtMost)]
}

function installed(copy: Installation | undefined): string {
  return copy === undefined ? nothing : `installed (${copy.version ?? 'no stated version'})`
}

function compareComponents(root: string, was: readonly Component[], is: readonly Component[]): Difference[] {
  const before = new Map(was.map((component) => [component.path, component]))
  const now = new Map(is.map((component) => [component.path, component]))
  const paths = [...new Set([...before.keys(), ...now.keys()])].sort()
  return paths.flatMap((path) => compareComponent(`${root}/${path}`, before.get(path), now.get(path)))
}

function compareComponent(place: string, was: Component | undefined, is: Component | undefined): Difference[] {
  const version = compareShown('version', place, named(was), named(is))
  if (version.length > 0 || was === undefined || is === undefined) return version
  if (was.digest === null || is.digest === null) return []
  return compareShown(
    'bytes',
    place,
    `${named(was)}, bytes ${was.digest.slice(0, 12)}`,
    `${named(is)}, bytes ${is.digest.slice(0, 12)}`,
  )
}

function named(component: Component | undefined): string {
  return component === undefined ? nothing : `${component.name} ${component.version ?? 'of no stated version'}`
}

function remainder(root: string, count: number): Difference[] {
  return count > 0 ? [{ layer: 'version', at: root, was: `${count} more packages`, is: 'differ too' }] : []
}
