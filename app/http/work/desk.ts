import { statSync } from 'node:fs'
import { join } from 'node:path'
import { keptParts } from '@upkeep/engine/report/kept-parts'
import { keepingFindings } from '@upkeep/engine/store/kept-findings'
import type { Store } from '@upkeep/engine/store/store'
import type { StoredToken } from '@upkeep/engine/store/tokens'
import type { Composed } from '../../compose.ts'
import { openProduct, openState, upkeepFileFor } from '../../open-product.ts'
import type { OpenedState } from '../../opened-state.ts'
import type { Context } from '../../operations/context.ts'
import { daemon } from '../../operations/daemon.ts'
import { answersFile } from '../../operations/inbox-answers.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { offersFile } from '../../operations/passkey-offers.ts'
import { badInput, checkedRows, runOperation } from '../../operations/run-operation.ts'
import { operations } from '../../operations/table.ts'
import { failedLate } from '../../recording.ts'
import { type Known, tellError } from '../../told-error.ts'
import { downloads, type Exposed, exposed } from '../exposed.ts'
import { answerCache, type Kept, sentOnce, toKeep } from './answer-cache.ts'
import { askedSignatures, type Hands } from './asked-signatures.ts'
import { keyedWrite } from './keyed-write.ts'
import type { Call, CallAnswer, Problem, ThreadPlace, Workplace } from './messages.ts'
import { pageOf } from './pages.ts'
import { passkeyCounts } from './passkey-counts.ts'

/** What a caller hears and can do while an operation runs. */
export interface Line {
  readonly signal: AbortSignal
  progress(what: string): void
  tell(line: string): void
}

/** Where operations are worked on for callers from elsewhere, over one open state. */
export interface Desk {
  /** Never throws: what goes wrong is an answer. */
  answer(call: Call, line: Line): Promise<CallAnswer>
  /** Has an operation write its file, for handing out. Never throws. */
  file(call: Call, file: string, line: Line): Promise<CallAnswer>
  /** Runs what is due until it is stopped, and answers then. Never throws. */
  duties(line: Line): Promise<CallAnswer>
  /** A text that is another one when something was recorded or set. */
  version(): Promise<string>
  /** What an answer that is given now rests on: answers that say the same of it are the same. */
  stand(): Promise<string>
  /** The token of this digest, as it stands now. */
  token(digest: string): Promise<StoredToken | null>
  /** Never throws: whether the note is written holds up nobody. */
  tokenUsed(name: string, at: string): Promise<void>
  /** Something changed that the state does not tell: nothing that was worked out counts any longer. */
  forget(): void
  close(): Promise<void>
}

/** Answers hold for a minute at most: what is due and what is accepted moves with the clock. */
const freshMs = 60_000

export function createDesk(workplace: ThreadPlace): Desk {
  const table = exposed(operations)
  const cache = answerCache()
  const { reads } = workplace
  const opened = openState(workplace.machine, workplace.practice)
  const state = reads ? keepingState(opened) : opened
  const parts = reads ? keptParts() : undefined
  const signatures = askedSignatures(passkeyCounts(state.folder))
  let forgotten = 0
  const stand = async () => `${await versionOf(workplace, state)} ${Math.floor(Date.now() / freshMs)} ${forgotten}`
  return {
    answer: (call, line) =>
      told(line, async () => {
        const found = table.find((one) => one.operation.id === call.operation && one.effect === call.effect)
        if (found === undefined) throw new Error('no door has this operation')
        return found.effect === 'read' ? read(found, call, line) : write(found, call, line)
      }),
    file: (call, file, line) =>
      told(line, async () => {
        const one = downloads(operations).find(({ operation }) => operation.id === call.operation)
        if (one?.operation.download === undefined) throw new Error('no door hands this out as a file')
        const input = { ...Object(inputOf(one, call)), [one.operation.download.field]: file }
        const composed = await composedFor(line, state, call.caller.person)
        const { output } = await late(composed, () =>
          runOperation(one.operation, asCaller(composed.context, call), input),
        )
        return { state: 'answered', body: JSON.stringify(output), tag: null, outcome: null, replayed: false }
      }),
    duties: (line) =>
      told(line, async () => {
        const composed = await composedFor(line, state)
        const { output } = await late(composed, () => runOperation(daemon, composed.context, {}))
        return { state: 'answered', body: JSON.stringify(output), tag: null, outcome: null, replayed: false }
      }),
    version: () => versionOf(workplace, state),
    stand,
    token: async (digest) => (await state.existing())?.tokens.byDigest(digest) ?? null,
    tokenUsed: async (name, at) => {
      await state
        .existing()
        .then((store) => store?.tokens.used(name, at))
        .catch(() => {})
    },
    forget() {
      forgotten += 1
      cache.forget()
    },
    async close() {
      await signatures.close()
      await state.close()
    },
  }

  async function read(one: Exposed, call: Call, line: Line): Promise<CallAnswer> {
    const input = one.input.safeParse(call.input)
    // Whoever asks is part of the question: what waits for one person waits for no other.
    const question = JSON.stringify([call.caller, one.operation.id, input.success ? input.data : call.input])
    const version = await stand()
    const isKept = one.operation.unkept !== true
    const found = isKept ? cache.get(version, question) : null
    const answer = found ?? run(one, call, line, state)
    if (found === null && isKept) cache.keep(version, question, answer)
    const kept = await answer
    const { body, tag } = sentOnce(kept, JSON.stringify(call.page), () => bodyOf(kept, one.operation, call))
    if (call.known === tag) return { state: 'not-modified', tag }
    return { state: 'answered', body, tag, outcome: kept.outcome, replayed: false, ...(isKept && { stand: version }) }
  }

  function write(one: Exposed, call: Call, heard: Line): Promise<CallAnswer> {
    return signatures.run(call, heard, (line, hands) => told(line, () => written(one, call, line, hands)))
  }

  async function written(one: Exposed, call: Call, line: Line, hands: Hands): Promise<CallAnswer> {
    const plain = async (over: OpenedState) => {
      const kept = await run(one, call, line, over, hands)
      return { body: JSON.stringify(kept.output), outcome: kept.outcome }
    }
    if (call.key === null) return { state: 'answered', ...(await plain(state)), tag: null, replayed: false }
    const problemOf = (error: unknown, known: Known) => problemIn(error, line, known)
    return keyedWrite({ state, call, key: call.key, problemOf }, plain)
  }

  async function run(one: Exposed, call: Call, line: Line, over: OpenedState, hands?: Hands): Promise<Kept> {
    const composed = await composedFor(line, over, call.caller.person)
    return late(composed, async () => {
      const context = asCaller(composed.context, call)
      const person = (await hands?.personOf(context)) ?? null
      const present = { ...context, person, ...(hands?.passkeys !== undefined && { passkeys: hands.passkeys }) }
      const answer = await runOperation(one.operation, present, inputOf(one, call), { listLater: call.page !== null })
      const output = Object.fromEntries(Object.entries(Object(answer.output)))
      return toKeep(output, one.operation.pages, answer.outcome ?? null)
    })
  }

  function composedFor(line: Line, over: OpenedState, actingAs?: string): Promise<Composed> {
    const { machine, configPath, practice } = workplace
    const request = { machine, configPath, actingAs, ...line, state: over, parts, wants: 'data' as const }
    return openProduct(request, practice ? { practice: 'stored' } : 'own')
  }
}

/** What is given, once it is known to hold nothing that this door does not have. */
function inputOf({ input, operation }: Exposed, call: Call): unknown {
  const parsed = input.safeParse(call.input)
  if (parsed.success) return call.input
  throw badInput(parsed.error, `/api/v1/${operation.id.replaceAll('.', '/')} in /openapi.json`)
}

/** Where it fails, with what was recorded before that. */
async function late<Result>({ recording }: Composed, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw failedLate(error, recording())
  }
}

async function told(line: Line, work: () => Promise<CallAnswer>): Promise<CallAnswer> {
  try {
    return await work()
  } catch (error) {
    return { state: 'failed', problem: problemIn(error, line) }
  }
}

function problemIn(error: unknown, line: Line, known: Known = 'nothing'): Problem {
  const { code, failed, means, action } = tellError(error, line.signal.aborted, known)
  return { code, message: failed, means, action }
}

/** Who is named in `upkeep.yaml` holds the roles that stand there, at every door; a program that is not named stays a program. */
function asCaller(context: Context, { caller: { person: id, roles, agent } }: Call): Context {
  const bare = { ...context, person: null }
  if (!agent) return bare
  const others = context.people.filter((one) => one.id !== id)
  return { ...bare, people: [...others, { id, name: id, roles: [...roles], agent }] }
}

function bodyOf(kept: Kept, operation: AnyOperation, { page }: Call): string {
  const { pages } = operation
  if (kept.list === null || kept.rest === null || pages === undefined || page === null)
    return JSON.stringify(kept.output)
  const { rows: part, offset, total } = pageOf(kept.list, page)
  const rows = checkedRows(operation, part)
  const cut = JSON.stringify({ [pages]: rows, page: { offset, count: rows.length, total } })
  return `${kept.rest}${cut.slice(1)}`
}

/** What an answer rests on: the ledger, the settings, what was put off, and the minute. */
async function versionOf({ machine, configPath, practice }: Workplace, state: OpenedState): Promise<string> {
  const store = await state.existing()
  const size = store === null ? -1 : await store.ledger.size()
  const named = upkeepFileFor(machine, configPath, practice)
  const files = [
    ...(named === null ? [] : [named]),
    join(state.folder, 'settings.json'),
    join(state.folder, offersFile),
    join(state.folder, answersFile),
  ].map(changedAt)
  return [size, ...files].join(' ')
}

/** The same state, whose findings are read once and kept. */
function keepingState(opened: OpenedState): OpenedState {
  const kept = new WeakMap<Store, Store>()
  function keeping(store: Store): Store {
    const known = kept.get(store) ?? keepingFindings(store)
    kept.set(store, known)
    return known
  }
  return {
    ...opened,
    open: async () => keeping(await opened.open()),
    existing: async () => {
      const store = await opened.existing()
      return store === null ? null : keeping(store)
    },
  }
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
