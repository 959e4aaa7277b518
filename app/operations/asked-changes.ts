import { type ChangeInput, type Place, UserError } from '@upkeep/contract'
import type { SecretPlace } from '@upkeep/contract/changes/move-secret'
import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import { titleWords } from '@upkeep/domain/changes/input-words'
import { managedSettings } from '@upkeep/domain/client-formats/claude-managed'
import { isOfKind } from '@upkeep/engine/kernel/observation-index'
import type { Context } from './context.ts'
import { notLooked } from './not-looked.ts'

/** What a person asks to be done with a server, beside what a finding proposes. */
export interface Asked {
  remove: boolean
  disable: boolean
  moveSecrets: boolean
  to?: string | undefined
  arg: readonly string[]
  rotate?: string | undefined
  cutOff: boolean
  pinImages: boolean
  restorePackages: boolean
  restoreConfig: boolean
  asOf?: string | undefined
  deny: boolean
}

export function isAnythingAsked(asked: Asked): boolean {
  return wishesIn(asked).some((each) => each)
}

function wishesIn(asked: Asked): boolean[] {
  const { remove, disable, moveSecrets, cutOff, restorePackages, restoreConfig, to, arg, rotate, pinImages, deny } =
    asked
  // Of images `--to` is the digest.
  const version = to !== undefined && !pinImages
  const named = [version, arg.length > 0, rotate !== undefined]
  return [remove, disable, moveSecrets, cutOff, restorePackages, restoreConfig, pinImages, deny, ...named]
}

/** One change at a time: what several do to one entry nobody could read in one plan. */
export function refuseSeveral(asked: Asked): void {
  if (asked.asOf !== undefined && !asked.restoreConfig)
    throw new UserError('bad-input', '--as-of goes with --restore-config.', 'See "upkeep fix --help".')
  if (wishesIn(asked).filter((each) => each).length > 1)
    throw new UserError('bad-input', 'These are several changes.', 'Ask for one, then for the next.')
}

/** The changes that do what is asked, in every client that declares the servers that are named. */
export async function askedChanges(
  context: Context,
  words: readonly string[],
  asked: Asked,
): Promise<{ inputs: ChangeInput[]; title: string; closes: string[]; said: string[] }> {
  const { servers, said } = await declaredNamed(context, words)
  // What denies a server is a file of the machine's.
  const machine = context.places.find((place) => place.machine) ?? null
  const inputs = servers.flatMap((server) => changesOf(server, asked, machine))
  const [first] = inputs
  if (first === undefined) throw nothingToChange(asked)
  const title = titleWords(first, [...new Set(servers.map(({ name }) => name))].join(', '))
  return { inputs, title, closes: asked.moveSecrets ? await secretsFound(context, words) : [], said }
}

function nothingToChange({ deny, moveSecrets }: Asked): UserError {
  if (deny)
    return new UserError(
      'change-impossible',
      'Claude Code does not declare it here, and its managed settings deny for Claude Code alone.',
      'Switch it off in every client that declares it: "upkeep fix <server> --disable".',
    )
  const why = moveSecrets
    ? 'No secret that could be moved stands in what declares it: headers are sent by the client itself.'
    : 'Nothing of it can be changed so.'
  return new UserError('change-impossible', why, 'See what declares it: "upkeep servers".')
}

/** The findings that moving the secrets of servers should close. */
async function secretsFound(context: Context, words: readonly string[]): Promise<string[]> {
  const store = await context.existingStore()
  const found = store === null ? [] : await store.findings.current()
  return found.flatMap(({ state, statement: { rule, subject, fingerprint } }) => {
    const isNamed = words.includes(subject.name) || words.includes(subject.id)
    return state !== 'resolved' && rule === 'secret-in-plain-text' && isNamed ? [fingerprint] : []
  })
}

/** The entries of the servers that a person named, and what could not be looked at. */
export async function declaredNamed(
  context: Context,
  words: readonly string[],
): Promise<{ servers: DeclaredServer[]; said: string[] }> {
  const seen = await context.acts.look(['declared-server'])
  const said = notLooked(seen)
  const declared = seen.flatMap((one) => (isOfKind(one, 'declared-server') && one.state === 'seen' ? [one] : []))
  const servers = words.flatMap((word) => {
    const named = declared.filter(({ subject }) => subject.name === word || subject.id === word)
    if (named.length === 0)
      throw new UserError(
        'not-found',
        `No server of the name "${word.slice(0, 80)}" was seen.${said.map((line) => ` ${line}.`).join('')}`,
        'List them: "upkeep servers".',
      )
    return named.map(({ facts }) => facts)
  })
  return { servers, said }
}

interface Named {
  path: string
  server: string
  project?: string
}

function changesOf(server: DeclaredServer, asked: Asked, machine: Place | null): ChangeInput[] {
  const named: Named = {
    path: server.path,
    server: server.name,
    ...(server.project === null ? {} : { project: server.project }),
  }
  if (asked.remove) return [{ kind: 'remove-server', ...named }]
  if (asked.disable) return [{ kind: 'disable-server', ...named }]
  if (asked.deny) return deniedOf(server, machine)
  if (asked.moveSecrets)
    return secretsOf(server).map((secret) => ({ kind: 'move-secret', ...named, secret, to: { store: 'file' } }))
  if (asked.to !== undefined) return versionOf(server, named, asked.to)
  return [{ kind: 'set-server-args', ...named, changes: asked.arg.map((word) => argumentOf(server, word)) }]
}

/** Of other clients nothing is known that would deny a server on the whole machine. */
function deniedOf({ client, name }: DeclaredServer, machine: Place | null): ChangeInput[] {
  if (client !== 'claude-code' || machine === null) return []
  return [{ kind: 'deny-server', path: managedSettings[machine.platform], name }]
}

/** Headers are not among them: their client sends them itself. */
function secretsOf({ env, args }: DeclaredServer): SecretPlace[] {
  const named = Object.entries(env).flatMap(([name, value]): SecretPlace[] =>
    isSecret(value) ? [{ in: 'env', name }] : [],
  )
  const placed = args.flatMap((value, index): SecretPlace[] =>
    isSecret(value) ? [{ in: 'argument', index, of: args.length }] : [],
  )
  return [...named, ...placed]
}

function isSecret(value: SafeValue): boolean {
  return value.kind === 'hidden' && value.secret !== 'none'
}

function versionOf({ launch, name }: DeclaredServer, named: Named, to: string): ChangeInput[] {
  if (!('ecosystem' in launch))
    throw new UserError(
      'change-impossible',
      `"${name}" does not say which package it starts.`,
      'Change its entry by hand.',
    )
  return [{ kind: 'set-server-version', ...named, package: launch.name, from: launch.requested, to }]
}

/** `3=/srv/data`: the third argument, as plans and findings count them. */
export function argumentOf({ args, name }: DeclaredServer, word: string) {
  const [, number = '', to = ''] = /^(\d{1,4})=(.*)$/s.exec(word) ?? []
  const index = Number(number) - 1
  const now = args[index]
  if (now?.kind === 'plain' || now?.kind === 'reference') return { kind: 'replace' as const, index, from: now.text, to }
  throw new UserError(
    'bad-input',
    number === ''
      ? 'An argument is named by its number: --arg 3=/srv/data.'
      : `"${name}" has no argument ${number} that is shown.`,
    'See what it starts: "upkeep servers".',
  )
}
