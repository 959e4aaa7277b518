import type { StatedFinding } from '@upkeep/contract/finding'
import type { Subject } from '@upkeep/contract/subject'
import { printable } from '@upkeep/domain/printable'
import type { Location } from 'sarif'
import type { CoveredServer } from './report-model.ts'

/** The name under which SARIF readers know the folder that was checked out. */
export const sourceRoot = '%SRCROOT%'

interface Spot {
  file: string
  line: number
}

/**
 * Where a finding is to be mended: the line of the source that it names, the file of the project that chooses the package, else the entry
 * in its configuration file. Paths below the project are relative to it; what has no file is named by its id.
 */
export function locationOf(
  statement: Pick<StatedFinding, 'subject' | 'facts'>,
  servers: readonly CoveredServer[],
  root: string | null,
): Location {
  const { subject } = statement
  const logical = [{ name: shown(subject.name, 200), fullyQualifiedName: shown(subject.id, 1_000), kind: subject.kind }]
  const spot = inSource(statement.facts) ?? inProject(statement.facts, root) ?? inConfiguration(subject, servers)
  if (spot === null) return { logicalLocations: logical }
  return {
    physicalLocation: { artifactLocation: artifactAt(spot.file, root), region: { startLine: spot.line } },
    logicalLocations: logical,
  }
}

function inSource({ folder, path, line, lines }: Record<string, unknown>): Spot | null {
  const first: unknown = Array.isArray(lines) ? lines[0] : line
  if (typeof folder !== 'string' || folder === '' || typeof path !== 'string' || typeof first !== 'number') return null
  return { file: path.startsWith('/') ? path : `${folder}/${path}`, line: Math.max(1, first) }
}

/** A package of the project itself: its lock file where that is all there is of it, else where its version is asked for. */
function inProject({ copy, path, ecosystem }: Record<string, unknown>, root: string | null): Spot | null {
  if (root === null || typeof copy !== 'string' || typeof path !== 'string' || !isBelow(copy, root)) return null
  if (/(?:^|\/)(?:uv\.lock|requirements\.txt)$/.test(path))
    return { file: path.startsWith('/') ? path : `${copy}/${path}`, line: 1 }
  const isPython = ecosystem === undefined ? path.endsWith('.dist-info') : ecosystem !== 'npm'
  return isPython ? null : { file: `${copy}/package.json`, line: 1 }
}

/** The entry that declares the subject; the file itself, for files. */
function inConfiguration(subject: Subject, servers: readonly CoveredServer[]): Spot | null {
  const path = /^(?:server:[^:]+:(.*)#|file:)(.*)/s.exec(subject.id)
  const file = path?.[1] ?? (subject.kind === 'file' ? path?.[2] : undefined)
  if (file === undefined || file === '') return null
  return { file, line: servers.find((one) => one.subject.id === subject.id)?.line ?? 1 }
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`)
}

function artifactAt(file: string, root: string | null): { uri: string; uriBaseId?: string } {
  if (root === null || file === root || !isBelow(file, root)) return { uri: fileUri(file) }
  const relative = file.slice(root.endsWith('/') ? root.length : root.length + 1)
  return { uri: encoded(relative), uriBaseId: sourceRoot }
}

/** A file URI for a path of any system, whatever system this is. */
export function fileUri(path: string): string {
  const text = encoded(path)
  return text.startsWith('/') ? `file://${text}` : `file:///${text}`
}

function encoded(path: string): string {
  const parts = path.toWellFormed().replaceAll('\\', '/').split('/')
  return parts.map((part) => encodeURIComponent(part).replace(/^([A-Za-z])%3A$/, '$1:')).join('/')
}

function shown(text: string, maxLength: number): string {
  return printable(text, { maxLength, newlines: 'keep' })
}
