import type { Dice } from './messy-text.ts'

/** All of a text follows from one number, so that a failure can be looked at again. */
export function diceOf(seed: number): Dice {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % below
  }
}
