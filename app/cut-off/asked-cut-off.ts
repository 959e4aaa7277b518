import { type ChangeInput, UserError } from '@upkeep/contract'
import { mentionsOf } from '@upkeep/domain/client-edits/server-mentions'
import { launchedSecrets } from '@upkeep/domain/client-formats/our-launcher'
import { parseText } from '@upkeep/domain/client-formats/parse-text'
import { settingsFiles } from '@upkeep/domain/client-formats/settings-files'
import { isStoreReference } from '@upkeep/domain/redaction/references'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import type { Context } from '../operations/context.ts'
import { type BoundServer, boundServers, unreadFiles } from './bound-servers.ts'

type CutOff = Extract<ChangeInput, { kind: 'cut-off-integration' }>

/** The changes that take every reference to an integration away; `said` lists what no change reaches. */
export async function askedCutOff(
  context: Context,
  { ports }: Pick<ChangeWorld, 'ports'>,
  words: readonly string[],
): Promise<{ inputs: ChangeInput[]; title: string; closes: string[]; said: string[] }> {
  const [integration, ...others] = words
  if (integration === undefined || others.length > 0)
    throw new UserError('bad-input', 'One integration is cut off at a time.', 'Name a vendor, a host or a server.')
  const seen = await context.acts.look(['client-config', 'declared-server', 'integrations'])
  const bound = boundServers(seen, integration)
  if (bound.length === 0)
    throw new UserError(
      'not-found',
      `No server is bound to "${integration.slice(0, 80)}" by what it declares.`,
      'List them: "upkeep integrations".',
    )
  const all = seen.flatMap((one) => (one.kind === 'declared-server' && one.state === 'seen' ? [one.facts] : []))
  const cut = new Set(bound.map(({ declared }) => declared))
  const left = all.filter((declared) => !cut.has(declared))
  const kind = 'cut-off-integration' as const
  const entries = bound.map(({ declared: { path, name, project } }): CutOff => {
    const of = project === null ? {} : { project }
    return { kind, path, server: name, ...of, integration, reference: 'entry' }
  })
  const secrets = secretFiles(bound, left).map(
    ([path, server]): CutOff => ({ kind, path, server, integration, reference: 'secret' }),
  )
  const names = [...new Set(bound.map(({ declared }) => declared.name))].sort()
  const goneNames = names.filter((name) => !left.some((one) => one.name === name))
  const paths = new Set([...bound.map(({ declared }) => declared.path), ...context.places.flatMap(settingsFiles)])
  const mentions = goneNames.flatMap((server) =>
    [...paths].flatMap((path): CutOff[] =>
      isMentioned(path, server, ports) ? [{ kind, path, server, integration, reference: 'mention' }] : [],
    ),
  )
  return {
    inputs: [...mentions, ...entries, ...secrets],
    title: `cut ${integration} off: ${names.join(', ')}`.slice(0, 300),
    closes: [],
    said: [...unreadFiles(seen), ...toRevoke(bound), ...inStores(bound, left), ...elsewhere(context, bound)],
  }
}

/** Only files whose lists name the server: the others are no part of the change. */
function isMentioned(path: string, server: string, { files }: Pick<ChangeWorld['ports'], 'files'>): boolean {
  const read = files.read(path, 16 << 20)
  if (read.state !== 'present' || !path.endsWith('.json')) return false
  const parsed = parseText(new TextDecoder().decode(read.bytes), 'json')
  return parsed.state === 'parsed' && mentionsOf(parsed.tree, server).length > 0
}

/** From where our launcher fetches the secrets of a server. */
function sources({ args }: BoundServer['declared']): string[] {
  const words = args.map((value) => (value.kind === 'plain' || value.kind === 'reference' ? value.text : ''))
  return launchedSecrets(words).map(({ source }) => source)
}

/** What lies in a store may be used by others than the servers of clients: nobody but its owner takes it out. */
function inStores(bound: readonly BoundServer[], left: readonly BoundServer['declared'][]): string[] {
  const used = new Set(left.flatMap(sources))
  return bound.flatMap(({ declared }) =>
    sources(declared).flatMap((source) =>
      isStoreReference(source) && !used.has(source)
        ? [`the secret of ${declared.name} lies in its store still, at ${source}: take it out there`]
        : [],
    ),
  )
}

/** Files that our launcher reads for these servers and for no other. */
function secretFiles(bound: readonly BoundServer[], left: readonly BoundServer['declared'][]): [string, string][] {
  const kept = new Set(left.flatMap(sources))
  const found = bound.flatMap(({ declared }) =>
    sources(declared).map((path) => [path, declared.name] as [string, string]),
  )
  return found.filter(([path], index) => {
    const isOwn = /^\/.*\/upkeep\/secrets\/[^/]+$/.test(path) && !kept.has(path)
    return isOwn && found.findIndex(([other]) => other === path) === index
  })
}

/** What opens it goes on to do so: nobody but whoever gave it out can end it. */
function toRevoke(bound: readonly BoundServer[]): string[] {
  return bound.flatMap(({ declared, integrations }) => [
    ...(integrations?.credentials ?? []).map(
      ({ where, kind }) => `revoke what stood in ${where} of ${declared.name} (${kind}) where it was given out`,
    ),
    ...(integrations?.shared ?? []).flatMap(({ where, others }) =>
      others
        .filter(({ path, name }) => !bound.some((one) => one.declared.path === path && one.declared.name === name))
        .map(({ name, path }) => `the credential of ${declared.name} in ${where} also stands in ${path} (${name})`),
    ),
  ])
}

/** What names it outside of the files of clients. */
function elsewhere({ upkeepFile, upkeepFilePath }: Context, bound: readonly BoundServer[]): string[] {
  const names = new Set(bound.map(({ declared }) => declared.name))
  const urls = new Set(bound.flatMap(({ declared }) => declared.url ?? []))
  const named = [
    ...upkeepFile.servers.flatMap(({ name }) => (names.has(name) ? [`servers: ${name}`] : [])),
    ...upkeepFile.probe.flatMap(({ url, name }) =>
      urls.has(url) || (name !== undefined && names.has(name)) ? [`probe: ${name ?? url}`] : [],
    ),
  ]
  return named.map((one) => `${upkeepFilePath ?? 'upkeep.yaml'} still names it under ${one}`)
}

/** All that names it stands where nothing is written: to say that there is nothing to do would be wrong. */
export function nothingEdited(inputs: readonly ChangeInput[]): UserError {
  const where = [...new Set(inputs.map(({ path }) => path))]
  return new UserError(
    'change-impossible',
    `Every reference stands in a file that is not edited: ${where.slice(0, 20).join(', ')}.`,
    'Take it out there by hand: remove the plugin or extension, or ask whoever manages the file.',
  )
}
