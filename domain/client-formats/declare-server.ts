import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { confinementAmong } from '../confinement/confined-words.ts'
import { isPath, isProgramName } from '../redaction/plain-shapes.ts'
import { isReference, type ReferenceStyle } from '../redaction/references.ts'
import { safeArgs } from '../redaction/safe-args.ts'
import { safeUrl } from '../redaction/safe-url.ts'
import { type Fingerprint, hide, safeName, safeNamedValue } from '../redaction/safe-value.ts'
import { secretKindOf } from '../redaction/secret-kinds.ts'
import type { LookedAt } from './config-paths.ts'
import { analyseLaunch, type LaunchAnalysis } from './launch.ts'
import type { RawEntry } from './raw-entry.ts'
import { treeText } from './tree.ts'

/** Which file an entry stands in. */
export interface DeclaredIn {
  client: DeclaredServer['client']
  scope: DeclaredServer['scope']
  path: string
  /** The project whose file it is; an entry's own project comes first. */
  project: string | null
  expands: readonly ReferenceStyle[]
}

const maxListed = 200

/** The entries of a file that is looked at, each in normal form. */
export function declareAll(
  { client, location, path, project }: LookedAt,
  entries: readonly RawEntry[],
  fingerprint: Fingerprint,
): DeclaredServer[] {
  const file = { client: client.client, scope: location.scope, path, project, expands: client.expands }
  return entries.map((entry) => declareServer(entry, file, fingerprint))
}

/** Brings an entry to normal form and takes every value out of it that could be a secret. */
export function declareServer(entry: RawEntry, file: DeclaredIn, fingerprint: Fingerprint): DeclaredServer {
  const { launch, roles } = launchOf(entry)
  const { url, secrets } =
    entry.url === null ? { url: null, secrets: [] } : safeUrl(entry.url, file.expands, fingerprint)
  const name = (text: string) => safeName(text, 'identifier', fingerprint)
  return {
    client: file.client,
    scope: file.scope,
    path: file.path,
    name: safeName(entry.name, 'free', fingerprint),
    project: shownFolder(entry.project, fingerprint) ?? file.project,
    transport: entry.transport,
    command: entry.command === null ? null : safeCommand(entry.command, file.expands, fingerprint),
    args: safeArgs(entry.args, roles, file.expands, fingerprint),
    env: safeValues(entry.env, file.expands, fingerprint),
    url,
    urlSecrets: [...secrets],
    headers: safeValues(entry.headers, file.expands, fingerprint),
    cwd: shownFolder(entry.cwd, fingerprint),
    disabled: entry.disabled,
    autoApprove: entry.autoApprove.slice(0, maxListed).map(name),
    launch,
    ...confinedIn(entry.args),
    other: record(
      [...entry.other].slice(0, maxListed).map(([key, value]) => [name(key), fingerprint(treeText(value))]),
    ),
  }
}

/** What an entry says of its walls, where its profile has a path that may be shown. */
function confinedIn(args: readonly string[]): Pick<DeclaredServer, 'confined'> {
  const told = confinementAmong(args)
  if (told === null || !isPath(told.profile)) return {}
  const { profile, sealed } = told
  return { confined: { profile, sealed, fault: 'its profile was not looked at' } }
}

/** A command means a launch even where a type says otherwise; without one a URL is remote. */
function launchOf(entry: RawEntry): LaunchAnalysis {
  if (entry.command !== null) return analyseLaunch(entry.command, entry.args)
  if (entry.url !== null) return { launch: { via: 'remote' }, roles: new Map() }
  return { launch: { via: 'unknown', problem: 'neither a command nor a URL' }, roles: new Map() }
}

function safeCommand(
  command: string,
  expands: readonly ReferenceStyle[],
  fingerprint: Fingerprint,
): DeclaredServer['command'] {
  if (command === '') return { kind: 'empty' }
  if (isReference(command, expands)) return { kind: 'reference', text: command }
  if (isPath(command) || isProgramName(command)) return { kind: 'plain', text: command }
  return hide(command, secretKindOf(command), fingerprint)
}

function safeValues(
  values: ReadonlyMap<string, string>,
  expands: readonly ReferenceStyle[],
  fingerprint: Fingerprint,
): DeclaredServer['env'] {
  return record(
    [...values]
      .slice(0, maxListed)
      .map(([name, value]) => [
        safeName(name, 'identifier', fingerprint),
        safeNamedValue(name, value, expands, fingerprint),
      ]),
  )
}

/** Sorted, since the order of names means nothing. */
function record<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function shownFolder(folder: string | null, fingerprint: Fingerprint): string | null {
  if (folder === null || folder === '') return null
  return isPath(folder) || isPath(`./${folder}`) ? folder : `hidden-${fingerprint(folder)}`
}
