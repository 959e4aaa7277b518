import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const [quietMs, worthBytes] = [10_000, 100_000_000]

/** How much a heap grows between two collections, percent of what lives in it: by itself V8 lets one of these sizes grow fourfold. */
const growth = 60

/**
 * Gives memory back to the system once a thread was quiet for a while. V8 keeps the pages of what it let go of, and in a thread it never
 * gives them back by itself: after a round over a large fleet that is most of what the process holds. Returns what is called after each
 * piece of work.
 */
export function givingBack(held: () => number = () => process.memoryUsage.rss()): () => void {
  setFlagsFromString(`--heap-growing-percent=${growth}`)
  let collect: Collect | null = null
  let before = held()
  const giveBack = () => {
    if (held() - before < worthBytes) return
    collect ??= collector()
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    before = held()
  }
  let quiet: NodeJS.Timeout | null = null
  return () => {
    if (quiet === null) quiet = setTimeout(giveBack, quietMs).unref()
    else quiet.refresh()
  }
}

type Collect = (how: Readonly<Record<'type' | 'execution' | 'flavor', string>>) => void

/** The collector that V8 hands to whoever asks for it by this flag; what has no name of its own in Node. */
function collector(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}
