import type { Facts, Seen } from '@upkeep/contract'
import { packageKey } from '../purl.ts'
import { type Ecosystem, knownEcosystem } from '../versions/version-order.ts'

type Launch = Facts<'declared-server'>['launch']
type Installation = Facts<'resolved-package'>['installed'][number]

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
    parts: copies.flatMap((copy) => copy.components.flatMap((component) => partOf(component, copy, name))),
    unknowns: [...unknowns, ...gaps],
    notApplicable: null,
    whole: gaps.length === 0,
    copies: copies.map((copy) => copy.root),
    foreign: [],
  }
}

function partOf(component: Installation['components'][number], copy: Installation, name: string): Part[] {
  const { version, path } = component
  const ecosystem = knownEcosystem(component.ecosystem)
  if (ecosystem === null) return []
  const direct = packageKey(ecosystem, component.name) === packageKey(ecosystem, name)
  const raiseIn = copy.where === 'script' && !direct ? chosenIn(component, copy) : null
  return [
    { ecosystem, name: component.name, version, path, copy: copy.root, direct, ...(raiseIn !== null && { raiseIn }) },
  ]
}

/** The file, or the environment, in which the owner of a script chooses what it needs. */
function chosenIn({ ecosystem, path, evidence }: Installation['components'][number], { root }: Installation): string {
  if (ecosystem === 'npm') return `${root}/package.json`
  if (evidence?.technique !== 'lockfile') return `the environment ${root}`
  return path === 'uv.lock' ? 'pyproject.toml, and lock again' : path
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

/** Packages whose versions cannot be put in order here are not judged, and that is said. */
function unordered(copy: Installation): string[] {
  const others = copy.components.filter((component) => knownEcosystem(component.ecosystem) === null)
  const ecosystems = [...new Set(others.map((component) => component.ecosystem))].sort()
  return ecosystems.map((ecosystem) => {
    const count = others.filter((component) => component.ecosystem === ecosystem).length
    return `${count} ${ecosystem} packages in ${copy.root} are not judged: their versions cannot be put in order here`
  })
}
