import { Instant, Subject } from '@upkeep/contract'
import { DeprecationClock } from '@upkeep/contract/observations/requirement-set'
import { z } from 'zod'

const Outcome = z.enum(['met', 'not-met', 'not-applicable', 'undetermined'])
const Level = z.enum(['MUST', 'SHOULD'])

/** The sheets of remote servers, and what is otherwise than on the sheets before. */
export const ApiOutput = z.strictObject({
  /** When the servers were looked at, and by which edition of the requirements they are held. */
  seenAt: Instant,
  run: z.string(),
  requirements: z.strictObject({ id: z.string(), version: z.int(), date: z.iso.date() }).nullable(),
  /** The run that this is compared with; null where there is no earlier one. */
  before: z.strictObject({ seenAt: Instant, run: z.string() }).nullable(),
  servers: z.array(
    z.strictObject({
      subject: Subject,
      url: z.string().nullable(),
      lines: z.array(
        z.strictObject({
          requirement: z.string(),
          level: Level,
          title: z.string(),
          outcome: Outcome,
          detail: z.string(),
          cites: z.string(),
          /** The clock of a deprecated feature that is in use, with the days that remain; null days where none is named. */
          clock: DeprecationClock.extend({ daysLeft: z.int().nullable() }).nullable(),
        }),
      ),
      /** False where the server has no earlier sheet: then nothing changed that anybody could know of. */
      compared: z.boolean(),
      changes: z.array(
        z.strictObject({
          requirement: z.string(),
          level: Level,
          from: Outcome.nullable(),
          to: Outcome.nullable(),
          regression: z.boolean(),
          detail: z.string(),
        }),
      ),
      metadata: z.array(z.strictObject({ what: z.string(), from: z.string(), to: z.string() })),
    }),
  ),
})
export type ApiOutput = z.input<typeof ApiOutput>
