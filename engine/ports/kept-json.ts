const maxDepth = 32
const maxChars = 65_536

/** A value from outside as it may be stored: plain JSON of bounded depth and size. `cut` says that something was left out. */
export interface KeptJson {
  value: unknown
  cut: boolean
}

/** Cuts a JSON value to bounds. What is too deep becomes null; a whole that is too long becomes null. */
export function keptJson(value: unknown): KeptJson {
  const state = { room: maxChars, cut: false }
  const kept = keep(value, maxDepth, state)
  return state.room < 0 ? { value: null, cut: true } : { value: kept, cut: state.cut }
}

interface State {
  room: number
  cut: boolean
}

function keep(value: unknown, depth: number, state: State): unknown {
  state.room -= 2
  if (state.room < 0) return null
  if (typeof value === 'string') {
    state.room -= value.length
    return state.room < 0 ? null : value.toWellFormed()
  }
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? null
  // JSON can spell a number that is too large to be one.
  if (typeof value === 'number') return Number.isFinite(value) ? value : leftOut(state)
  if (typeof value !== 'object' || depth === 0) return leftOut(state)
  if (Array.isArray(value)) return value.map((item) => keep(item, depth - 1, state))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => keepEntry(key, item, depth, state)))
}

function keepEntry(key: string, item: unknown, depth: number, state: State): [string, unknown] {
  state.room -= key.length
  return [state.room < 0 ? '' : key.toWellFormed(), keep(item, depth - 1, state)]
}

function leftOut(state: State): null {
  state.cut = true
  return null
}
