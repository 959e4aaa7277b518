import { rule } from '@upkeep/contract'
import { z } from 'zod'

export const rules = {
  'tuning-breaks-a-control': rule({
    version: 1,
    title: 'A tuning that is in use breaks a control',
    severity: 'high',
    help: 'It is faster because something is no longer refused: a probe of the negative suite fails with it. Take the tuning back; what it gains is not worth a control.',
    facts: z.object({ tuning: z.string(), probe: z.string(), detail: z.string() }),
    identity: ['tuning'],
  }),
  'control-costs-too-much': rule({
    version: 1,
    title: 'Controls cost more time than was allowed for',
    severity: 'low',
    help: 'What is slow is worked around sooner or later. Take a tuning that keeps every probe, or allow more time; never take the control out.',
    facts: z.object({ way: z.string(), controls: z.array(z.string()), addedMs: z.number(), allowedMs: z.number() }),
    identity: ['way'],
  }),
  'numbers-do-not-hold': rule({
    version: 1,
    title: 'A second measurement comes to something else',
    severity: 'low',
    help: 'Numbers that cannot be measured again decide nothing. Measure once more on a quiet machine and with more calls.',
    facts: z.object({ way: z.string(), first: z.number(), second: z.number(), tolerance: z.number() }),
    identity: ['way'],
  }),
}
export type Rules = typeof rules
