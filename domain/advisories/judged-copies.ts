import type { Facts, Seen } from '@upkeep/contract'
import { advisedPackage } from '../advised-package.ts'
import { printable } from '../printable.ts'
import { packageKey } from '../purl.ts'
import type { Ecosystem } from '../versions/version-order.ts'

type Launch = Facts<'declared-server'>['launch']
type Installation = Facts<'resolved-package'>['installed'][number]
type Component = Installation['components'][number]

/** One package to judge: where it was found, and whether the entry starts it or it is brought along. */
export interface Part {
  ecosystem: Ecosystem
  name: string
  version: string | null
  path: string | null
  copy: string | null
  direct: boolean
  /** For what a project of one's own needs: where its version is chosen. */
  raiseIn?: string
  /** For what was recognised inside a file: every version that it can be, of which `version` is the newest. */
  bundled?: { versions: readonly string[]; confidence: number; file: string; detail: string }
  /** Of a distribution, where `name` is a source package: the packages built from it that are there. */
  builds?: readonly string[]
}

/** What of a server there is to judge, and what of it could not be seen. */
export interface Judged {
  parts: Part[]
  unknowns: string[]
  notApplicable: string | null
  /** True when every package that could start is among the parts. */
  whole: boolean
  /** Roots of the installed copies that are judged. */
  copies: string[]
  /** Code recognised in them that no published version has. */
  foreign: Facts<'bundled-code'>['components']
}

const nothingSeen: Judged = { parts: [], unknowns: [], notApplicable: null, whole: false, copies: [], foreign: [] }

/**
 * The copies that the entry would start, package by package. Where that cannot be told, every copy that could be meant; where nothing is
 * installed, the version that the entry pins.
 */
export function partsToJudge(launch: Launch, resolved: Seen<'resolved-package'>): Judged {
  if (launch.via === 'remote') {
    const notApplicable = 'the server runs elsewhere: its packages cannot be seen from here'
    return { ...nothingSeen, notApplicable }
  }
  const pinned = pinnedPart(launch)
  // That the need is unavailable is said once, by the engine.
  if (resolved.state === 'unavailable' && pinned === null) return { ...nothingSeen, unknowns: [] }
  if (resolved.state !== 'seen') return withoutCopies(pinned, resolved.reason)
  const { installed, wouldRun, why, name } = resolved.facts
  const chosen = wouldRun === null ? undefined : installed[wouldRun]
  if (chosen !== undefined) return judgeCopies([chosen], name, [])
  if (installed.length === 0) return withoutCopies(pinned, why)
  const which = `which of ${installed.length} installed copies would start is not known, so each is judged: ${why}`
  const judged = judgeCopies(installed, name, [which])
  const missing = pinned !== null && !installed.some((copy) => copy.version === pinned.version)
  return missing ? { ...judged, parts: [pinned, ...judged.parts], whole: false } : judged
}

function pinnedPart(launch: Launch): Part | null {
  if (!('ecosystem' in launch) || !launch.pinned || launch.requested === null) return null
  const version = launch.requested.replace(/^[=v]+/, '')
  return { ecosystem: launch.ecosystem, name: launch.name, version, path: null, copy: null, direct: true }
}

function withoutCopies(pinned: Part | null, why: string): Judged {
  if (pinned === null) return { ...nothingSeen, unknowns: [`which version would run is not known: ${why}`] }
  const unknowns = [`what ${pinned.name} ${pinned.version} brings along is not known: ${why}`]
  return { ...nothingSeen, parts: [pinned], unknowns }
}

function judgeCopies(copies: readonly Installation[], name: string, unknowns: readonly string[]): Judged {
  const gaps = copies.flatMap(gapsOf)
  return {
    parts: copies.flatMap((copy) => joinBuilds(copy.components.flatMap((component) => partOf(component, copy, name)))),
    unknowns: [...unknowns, ...gaps],
    notApplicable: null,
    whole: gaps.length === 0,
    copies: copies.map((copy) => copy.root),
    foreign: [],
  }
}

function partOf(component: Component, copy: Installation, name: string): Part[] {
  const advised = advisedPackage(component, copy)
  if (advised === null) return []
  const part = { ...advised, path: component.path, copy: copy.root }
  if (component.builtFrom !== undefined) return [{ ...part, direct: false, builds: [component.name] }]
  const direct = packageKey(advised.ecosystem, advised.name) === packageKey(advised.ecosystem, name)
  const raiseIn = copy.where === 'script' && !direct ? chosenIn(component, copy) : null
  return [{ ...part, direct, ...(raiseIn !== null && { raiseIn }) }]
}

/** Packages that were built from one source are one thing to judge. */
function joinBuilds(parts: readonly Part[]): Part[] {
  const joined = new Map<string, Part>()
  for (const [index, part] of parts.entries()) {
    const key = part.builds === undefined ? `${index}` : `${packageKey(part.ecosystem, part.name)}@${part.version}`
    const known = joined.get(key)
    if (known === undefined) joined.set(key, part)
    else joined.set(key, { ...known, builds: [...(known.builds ?? []), ...(part.builds ?? [])] })
  }
  return [...joined.values()]
}

/** The file, or the environment, in which the owner of a script chooses what it needs. */
function chosenIn({ ecosystem, path, evidence }: Component, { root }: Installation): string {
  if (ecosystem === 'npm') return `${root}/package.json`
  if (evidence?.technique !== 'lockfile') return `the environment ${root}`
  return /(?:^|\/)uv\.lock$/.test(path) ? 'pyproject.toml, and lock again' : path
}

function gapsOf(copy: Installation): string[] {
  const gaps: string[] = []
  const [first] = copy.problems
  if (copy.components.length === 0) gaps.push(`no package was found in ${copy.root}: only bytes are known of it`)
  gaps.push(...unordered(copy))
  if (first !== undefined) gaps.push(`${copy.problems.length} parts of ${copy.root} could not be read: ${first}`)
  const unversioned = copy.components.filter((component) => component.version === null)
  if (unversioned[0] !== undefined) {
    gaps.push(`${unversioned.length} packages in ${copy.root} state no version: ${unversioned[0].name}`)
  }
  return gaps
}

/** Packages of which no advisory can be told to be about them are not judged, and that is said. */
function unordered(copy: Installation): string[] {
  const others = copy.components.filter((component) => advisedPackage(component, copy) === null)
  const ecosystems = [...new Set(others.map((component) => component.ecosystem))].sort()
  const lines = ecosystems.map((ecosystem) => {
    const count = others.filter((component) => component.ecosystem === ecosystem).length
    return `${count} ${ecosystem} packages in ${copy.root} are not judged: ${whyNotAdvised(copy)}`
  })
  return [...lines, ...withoutList(copy)]
}

function whyNotAdvised({ system }: Installation): string {
  if (system === undefined) return 'no file of it says of which distribution they are'
  return `it calls itself "${printable(system.says)}", which is no release whose advisories are known here`
}

/** An image that is of a distribution and has lost the list of its packages has packages all the same. */
function withoutList({ system, components, root }: Installation): string[] {
  const listed = components.some((one) => one.ecosystem === 'apk' || one.ecosystem === 'deb')
  if (system === undefined || listed) return []
  return [
    `${root} calls itself "${printable(system.says)}" and has no list of that system's packages: they are not known`,
  ]
}
