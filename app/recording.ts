import type { LedgerLeaf, RecordType, Store } from '@upkeep/engine/store/store'
import type { OpenedState } from './opened-state.ts'

/** What of an operation is recorded at a moment, by the commands that show it. */
export interface Recording {
  /** Committed. */
  readonly stands: readonly string[]
  /** Its commit failed at its very end, or is under way: nobody knows. */
  readonly unsure: readonly string[]
}

/** An operation that failed after something was recorded, or may have been. `cause` is what it failed with. */
export class FailedLate extends Error {
  readonly recording: Recording
  constructor(cause: unknown, recording: Recording) {
    super('failed after something was recorded', { cause })
    this.name = 'FailedLate'
    this.recording = recording
  }
}

/** The error as it is where nothing was recorded before it. */
export function failedLate(error: unknown, recording: Recording): unknown {
  return recording.stands.length + recording.unsure.length === 0 ? error : new FailedLate(error, recording)
}

/** Says what stands and what nobody knows, and where to see it; null where nothing was recorded. */
export function recordingWords({ stands, unsure }: Recording): string | null {
  const part = stands.length === 0 ? [] : [`Part of it was recorded before that, and stands: ${seeWords(stands)}`]
  const what = stands.length === 0 ? 'it' : 'more of it'
  const open = unsure.length === 0 ? [] : [`Whether ${what} was recorded is not known: ${seeWords(unsure)}`]
  return stands.length + unsure.length === 0 ? null : [...part, ...open].join(' ')
}

const mostShown = 4

function seeWords(commands: readonly string[]): string {
  const shown = [...new Set(commands)].sort().slice(0, mostShown)
  return `see ${shown.map((command) => `"upkeep ${command}"`).join(', ')}.`
}

/** The lists in which records of a type stand. A record of another type is shown by its id. */
const lists: Partial<Record<RecordType, string>> = {
  run: 'runs',
  finding: 'findings',
  acceptance: 'findings',
  baseline: 'baseline show',
  change: 'changes',
  'person-key': 'keys',
}

function shows({ type, recordId }: Pick<LedgerLeaf, 'type' | 'recordId'>): string {
  return lists[type] ?? `show ${recordId}`
}

/** The same state, and at any moment what was recorded over it since. What others record there meanwhile is no part of it. */
export function watchedState(state: OpenedState): { state: OpenedState; recording(): Recording } {
  const stands = new Set<string>()
  const unsure = new Set<string>()
  const underWay = new Set<ReadonlySet<string>>()

  /** Awaits a commit. One that failed after all of its parts were there may have come through. */
  async function settled<Result>(
    shown: ReadonlySet<string>,
    committed: Promise<Result>,
    isWhole: () => boolean,
  ): Promise<Result> {
    underWay.add(shown)
    try {
      const result = await committed
      for (const one of shown) stands.add(one)
      return result
    } catch (error) {
      if (isWhole()) for (const one of shown) unsure.add(one)
      throw error
    } finally {
      underWay.delete(shown)
    }
  }
  function watching(store: Store): Store {
    const note: Note = (shown, written) => settled(new Set([shown]), written, () => true)
    return {
      ...noting(store, note),
      transaction: (fn) => {
        const shown = new Set<string>()
        let isWhole = false
        const committed = store.transaction(async (tx) => {
          const result = await fn(inside(tx, shown))
          isWhole = true
          return result
        })
        return settled(shown, committed, () => isWhole)
      },
    }
  }

  return {
    state: {
      ...state,
      open: async () => watching(await state.open()),
      existing: async () => {
        const store = await state.existing()
        return store === null ? null : watching(store)
      },
    },
    recording: () => ({
      stands: [...stands],
      unsure: [...new Set([...unsure, ...[...underWay].flatMap((shown) => [...shown])])],
    }),
  }
}

/** The store of a transaction. What an inner one that throws had written is no part of it. */
function inside(tx: Store, shown: Set<string>): Store {
  const noted = noting(tx, async (one, written) => {
    const result = await written
    shown.add(one)
    return result
  })
  return {
    ...noted,
    ledger: {
      ...tx.ledger,
      async append(leaves) {
        await tx.ledger.append(leaves)
        for (const leaf of leaves) shown.add(shows(leaf))
      },
    },
    transaction: async (fn) => {
      const inner = new Set<string>()
      const result = await tx.transaction((within) => fn(inside(within, inner)))
      for (const one of inner) shown.add(one)
      return result
    },
  }
}

type Note = <Result>(shown: string, written: Promise<Result>) => Promise<Result>

/** The same store, which tells what is written down there beside the sealed records. */
function noting(store: Store, note: Note): Store {
  const { deliveries, tickets } = store
  return {
    ...store,
    deliveries: {
      ...deliveries,
      add: (...given) => note('notify log', deliveries.add(...given)),
      end: (...given) => note('notify log', deliveries.end(...given)),
    },
    tickets: {
      ...tickets,
      put: (...given) => note('tickets', tickets.put(...given)),
      update: (...given) => note('tickets', tickets.update(...given)),
    },
  }
}
