import { resolve } from 'node:path'
import { type ChangeInput, UserError } from '@upkeep/contract'
import type { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { entryChanges } from '@upkeep/domain/changes/entry-change'
import { titleWords } from '@upkeep/domain/changes/input-words'
import { lookedAt } from '@upkeep/domain/client-edits/entry-file-at'
import { approvedObservations } from '@upkeep/engine/baseline/approved-observations'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { isOfKind } from '@upkeep/engine/kernel/observation-index'
import type { Context } from '../operations/context.ts'
import { endOfDay } from '../operations/days.ts'
import { type FileCopy, keptCopies } from './kept-copies.ts'

/** One entry of one file, whether it is there now or not. */
interface Target {
  path: string
  name: string
  project: string | null
}

interface Ground {
  readonly copies: readonly FileCopy[]
  readonly now: readonly DeclaredServer[]
  readonly approved: readonly ApprovedServer[]
}

/**
 * The changes that put servers, or all servers of files, back to what a kept copy says: the one of a day or of a change where it is named, else
 * the one that is as a person approved it, else the newest.
 */
export async function askedConfig(
  context: Context,
  world: Pick<ChangeWorld, 'store' | 'ports'>,
  words: readonly string[],
  asOf: string | undefined,
): Promise<{ inputs: ChangeInput[]; title: string; closes: string[]; said: string[] }> {
  const ground = await groundOf(context, world, asOf)
  const said: string[] = []
  const inputs = words.flatMap((word) => {
    const path = resolve(context.machine.cwd, word)
    const isFile = ground.copies.some((copy) => copy.path === path) || lookedAt(context.places, path) !== null
    const targets = isFile ? targetsIn(path, ground, asOf) : targetsNamed(word, ground)
    if (targets.length === 0) throw isFile ? noCopy(path, asOf) : notSeen(word)
    return targets.flatMap((target) => inputFor(target, isFile, ground, asOf, said))
  })
  const [first] = inputs
  if (first === undefined) {
    if (said.length > 0) throw noCopy(words.join(', '), asOf)
    // Every entry is as its copy has it.
    return { inputs: [], title: 'put what a file declares back', closes: [], said }
  }
  const names = [...new Set(inputs.map(({ server }) => server))].sort()
  const closes = said.some((line) => !line.includes('approved it')) ? [] : await drifted(world, inputs)
  return { inputs, title: titleWords(first, names.join(', ')).slice(0, 300), closes, said: [...new Set(said)] }
}

async function groundOf(
  context: Context,
  { store, ports }: Pick<ChangeWorld, 'store' | 'ports'>,
  asOf: string | undefined,
): Promise<Ground> {
  const seen = await context.acts.look(['declared-server'])
  const approved = await approvedObservations(store, [])
  return {
    copies: asOfChosen(await keptCopies({ store, ports }), asOf, context.clock.now()),
    now: seen.flatMap((one) => (isOfKind(one, 'declared-server') && one.state === 'seen' ? [one.facts] : [])),
    approved: approved.flatMap((one) => (one.state === 'seen' ? [one.facts] : [])),
  }
}

/** Those that count: of a day all up to its end, of a change or an approval what it left. */
function asOfChosen(copies: readonly FileCopy[], asOf: string | undefined, now: string): readonly FileCopy[] {
  if (asOf === undefined) return copies
  if (/^\d{4}-\d{2}-\d{2}$/.test(asOf)) {
    const end = endOfDay(asOf, now)
    return copies.filter(({ kept }) => kept.at <= end)
  }
  const of = copies.filter(({ kept }) => kept.of === asOf || (asOf.length >= 8 && kept.of.startsWith(asOf)))
  if (new Set(of.map(({ kept }) => kept.of)).size > 1)
    throw new UserError('ambiguous', 'Several changes begin like that.', 'Give more of the id.')
  if (of.length > 0) return of
  throw new UserError(
    'not-found',
    'No change or approval of that id kept a file of a client.',
    'List them: "upkeep changes". A day is written 2026-12-31.',
  )
}

/** All that the file declared then or declares now. */
function targetsIn(path: string, { copies, now }: Ground, asOf: string | undefined): Target[] {
  const copy = copyOfFile(path, copies, asOf)
  const declared = [...(copy?.declared ?? []), ...now.filter((one) => one.path === path)]
  return copy === null ? [] : distinct(declared)
}

function targetsNamed(word: string, { copies, now, approved }: Ground): Target[] {
  const known = [
    ...now,
    ...approved.flatMap(({ declared }) => declared ?? []),
    ...copies.flatMap(({ declared }) => declared ?? []),
  ]
  return distinct(
    known.filter(({ name, client, path }) => name === word || `server:${client}:${path}#${name}` === word),
  )
}

function distinct(declared: readonly DeclaredServer[]): Target[] {
  const targets = declared.map(({ path, name, project }): [string, Target] => [
    JSON.stringify([path, name, project]),
    { path, name, project },
  ])
  return [...new Map(targets).values()]
}

/** The newest that an approval kept, else the newest of all. */
function copyOfFile(path: string, copies: readonly FileCopy[], asOf: string | undefined): FileCopy | null {
  const of = copies.filter((copy) => copy.path === path)
  return (asOf === undefined ? of.find(({ by }) => by === 'approval') : undefined) ?? of[0] ?? null
}

function inputFor(
  target: Target,
  isFile: boolean,
  ground: Ground,
  asOf: string | undefined,
  said: string[],
): Extract<ChangeInput, { kind: 'restore-client-config' }>[] {
  const chosen = isFile ? copyOfFile(target.path, ground.copies, asOf) : copyOfEntry(target, ground, asOf)
  if (chosen === null) {
    said.push(`${target.name} in ${target.path} is left as it is: no copy of that file is kept`)
    return []
  }
  const was = of(target, chosen.declared ?? [])
  const is = of(target, ground.now)
  // Of a file only what differs is part of the change.
  if (isFile && was !== null && is !== null && isSame(was, is)) return []
  said.push(sourceWords(target, chosen, was, ground))
  const { path, name, project } = target
  return [
    { kind: 'restore-client-config', path, server: name, ...(project === null ? {} : { project }), kept: chosen.kept },
  ]
}

/** The newest copy that has the entry as it is approved; else, or as of some time, the newest. */
function copyOfEntry(target: Target, { copies, approved }: Ground, asOf: string | undefined): FileCopy | null {
  const here = copies.filter(({ path, declared }) => path === target.path && declared !== null)
  const wanted = approvedOf(target, approved)
  const fits = ({ declared }: FileCopy) => {
    const was = of(target, declared ?? [])
    return was !== null && wanted?.declared != null && isSame(was, wanted.declared)
  }
  return (asOf === undefined ? here.find(fits) : undefined) ?? here[0] ?? null
}

function sourceWords(target: Target, { kept, by }: FileCopy, was: DeclaredServer | null, { approved }: Ground): string {
  const wanted = approvedOf(target, approved)
  const what = `${target.name} in ${target.path}`
  if (was !== null && wanted?.declared != null && isSame(was, wanted.declared))
    return `${what}: as ${wanted.approvedBy} approved it at ${wanted.approvedAt}`
  const source = by === 'change' ? `change ${kept.of} kept it` : `it was kept with an approval`
  return `${what}: as ${source} at ${kept.at}; no approval in force says so`
}

function approvedOf(target: Target, approved: Ground['approved']): ApprovedServer | null {
  return approved.find(({ declared }) => declared !== null && of(target, [declared]) !== null) ?? null
}

function of({ path, name, project }: Target, declared: readonly DeclaredServer[]): DeclaredServer | null {
  return declared.find((one) => one.path === path && one.name === name && one.project === project) ?? null
}

function isSame(one: DeclaredServer, other: DeclaredServer): boolean {
  return entryChanges([one], [other]).length === 0
}

const closedByIt = ['start-changed', 'environment-changed', 'consent-changed', 'settings-changed', 'server-gone']

/** The findings that an entry as it is approved should close. */
async function drifted({ store }: Pick<ChangeWorld, 'store'>, inputs: readonly ChangeInput[]): Promise<string[]> {
  const entries = new Set(inputs.flatMap((input) => ('server' in input ? [`${input.path}#${input.server}`] : [])))
  return (await store.findings.current()).flatMap(({ state, statement: { rule, subject, fingerprint } }) => {
    const isOfIt = [...entries].some((entry) => subject.id.endsWith(`:${entry}`))
    return state !== 'resolved' && isOfIt && closedByIt.includes(rule) ? [fingerprint] : []
  })
}

function notSeen(word: string): UserError {
  return new UserError(
    'not-found',
    `No server of the name "${word.slice(0, 80)}" was seen or kept, and no client's file lies there.`,
    'List them: "upkeep servers".',
  )
}

function noCopy(what: string, asOf: string | undefined): UserError {
  return new UserError(
    'change-impossible',
    `No copy of ${what.slice(0, 200)} is kept here${asOf === undefined ? '' : ` as of ${asOf.slice(0, 60)}`}.`,
    'Copies are kept by changes, and by "upkeep baseline accept".',
  )
}
