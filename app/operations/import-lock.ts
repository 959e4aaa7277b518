import { lstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import type { LockedServer } from '@upkeep/contract/lock-file'
import { type LockChange, type LockChanges, lockChanges } from '@upkeep/domain/desired-state/lock-changes'
import { lockText } from '@upkeep/domain/desired-state/lock-text'
import { counted, plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { lockFoldersOf, lockPathOf, readLockAt } from '../desired-state/lock-place.ts'
import { lastSurfaces, lockedNow } from '../desired-state/locked-now.ts'
import { stateToPublish } from '../desired-state/state-to-publish.ts'
import { endOfDay } from './days.ts'
import { writeNew } from './init.ts'
import { type Answer, defineOperation } from './operation.ts'

const head = { file: z.string(), client: z.string(), server: z.string() }
const Change = z.discriminatedUnion('kind', [
  z.strictObject({ ...head, kind: z.literal('server-added') }),
  z.strictObject({ ...head, kind: z.literal('server-gone') }),
  z.strictObject({
    ...head,
    kind: z.literal('server-changed'),
    layer: z.enum(['start', 'environment', 'consent', 'settings', 'version', 'bytes', 'permissions', 'tools']),
    at: z.string(),
    was: z.string(),
    is: z.string(),
  }),
])
const Output = z.strictObject({
  file: z.string(),
  servers: z.int(),
  written: z.boolean(),
  /** The state for other machines that was written, to be signed. */
  published: z.string().optional(),
  /** How what is there differs from the lock as it was. */
  changes: z.array(Change),
  /** What the lock holds and this machine could not be asked about. */
  notCompared: z.array(z.strictObject({ server: z.string(), what: z.string(), why: z.string() })),
})
type Output = z.infer<typeof Output>

/** Writes down what is there, so that it can be reviewed, compared and kept so. */
export const importLock = defineOperation({
  id: 'import',
  summary: 'write upkeep.lock from the servers that are there; with --check, compare with it',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    check: z
      .boolean()
      .default(false)
      .describe('Write nothing: exit with 1 where what is there is not what the lock says'),
    entries: z.boolean().default(false).describe('With --check: only what the files of clients say, nothing installed'),
    publish: z.string().min(1).optional().meta({
      description:
        'Write the lock, with the modes, as a state for other machines to this new file as well: sign it by hand',
      valueName: 'file',
    }),
    until: z.string().default('30d').describe('Until when a published state counts: 2027-06-30, or 30d'),
    file: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The lock; by default upkeep.lock beside upkeep.yaml', valueName: 'file' }),
  }),
  output: Output,
  cli: {
    verb: 'import',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep import', says: 'upkeep.lock: every server, its version, bytes and rights; no secrets' },
      { command: 'upkeep import --check --entries', says: 'in CI: do the files say what the lock says' },
    ],
  },
  async run(context, { check, entries, file, publish, until }) {
    const path = lockPathOf(context, file)
    const old = readLockAt(path)
    if (check && old === null)
      throw new UserError('not-found', `There is no lock at ${path}.`, 'Write one with "upkeep import".')
    const hands = { look: context.acts.look, surfaces: () => lastSurfaces(context) }
    const now = (await lockedNow(hands, lockFoldersOf(context, path))).map(({ locked }) => locked)
    const compared = lockChanges(old?.lock.servers ?? [], now, { entriesOnly: entries })
    if (check) return checked(path, now, compared)
    const text = lockText(now)
    const written = text !== old?.text
    if (written) await writeOurs(path, text)
    const output = { file: path, servers: now.length, written, ...compared }
    if (publish === undefined) return imported(output, old === null)
    const validUntil = endOfDay(until, context.clock.now())
    const published = resolve(context.machine.cwd, publish)
    await writeNew(published, stateToPublish(context, now, validUntil))
    return imported({ ...output, published }, old === null)
  },
})

async function writeOurs(path: string, text: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new UserError('config-exists', `${path} is a symbolic link. It was not touched.`, 'Name the file itself.')
  try {
    await writeFileAtomic(path, text, { mode: 0o644 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
    throw new UserError('bad-input', `${path} cannot be written (${code}).`, 'Name a file in a folder of yours.')
  }
}

function checked(path: string, now: readonly LockedServer[], compared: LockChanges): Answer<Output> {
  const output = { file: path, servers: now.length, written: false, ...compared }
  const same = compared.changes.length === 0
  const unknown = compared.notCompared.length > 0 ? { outcome: 'not-evaluated' as const } : {}
  return {
    output,
    text: (style) =>
      same && compared.notCompared.length === 0
        ? `${counted(now.length, 'server')}: all as ${plain(style, path, 1_000)} says.\n`
        : changesText(output, style),
    ...(same ? unknown : { outcome: 'findings' }),
  }
}

function imported(output: Output, isFirst: boolean): Answer<Output> {
  return {
    output,
    text: (style) => {
      const path = plain(style, output.file, 1_000)
      const state = output.published === undefined ? '' : publishedText(plain(style, output.published, 1_000))
      if (!output.written)
        return `${path} says so already: ${counted(output.servers, 'server')}. ${state === '' ? 'Nothing was written.\n' : `It was left as it is.\n${state}`}`
      const done = `${path} written: ${counted(output.servers, 'server')}. Review it, and keep it beside upkeep.yaml.\n${state}`
      return isFirst ? done : `${changesText({ ...output, notCompared: [] }, style)}${done}`
    },
  }
}

/** What is left to a person: nothing of ours signs for them. */
function publishedText(path: string): string {
  return `${path} written: the state for other machines. Sign it with your key, and put it and ${path}.sig where they read it:\n  ssh-keygen -Y sign -n upkeep -f <key> ${path}\n`
}

function changesText({ changes, notCompared }: Output, style: TerminalStyle): string {
  const rows = [
    ...changes.map((one) => ({ label: labels[one.kind], tone: 'yellow' as const, ...rowOf(one), command: null })),
    ...notCompared.map(({ server, what, why }) => ({
      label: 'unknown',
      tone: 'yellow' as const,
      name: server,
      lines: [`${what}: ${why}`],
      command: null,
    })),
  ]
  return rows.length === 0 ? '' : `${layRows(rows, style).join('\n')}\n`
}

const labels = { 'server-added': 'added', 'server-gone': 'gone', 'server-changed': 'changed' } as const

function rowOf(one: LockChange) {
  const where = `${one.client}: ${one.file}`
  if (one.kind !== 'server-changed') return { name: one.server, lines: [where] }
  return { name: one.server, lines: [`${one.at}: was ${one.was}, is ${one.is}`, where] }
}
