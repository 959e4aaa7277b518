import { AffectedServer, CapturedEvidence } from '@upkeep/contract'
import { z } from 'zod'
import { ChangeOutput } from './change-output.ts'

/** An emergency as programs read it. */
export const EmergencyOutput = z.strictObject({
  change: ChangeOutput,
  rehearsal: z.boolean(),
  affected: z.array(AffectedServer),
  evidence: z.array(CapturedEvidence),
  told: z.array(
    z.strictObject({ channel: z.string(), outcome: z.enum(['delivered', 'failed', 'withheld']), detail: z.string() }),
  ),
  notReached: z.array(z.string()).describe('Files and gateways that could not be looked at: nothing is off there'),
  secondsToContain: z
    .number()
    .nullable()
    .describe('From the opening until it was seen to be in force; null: it is not'),
  reviewDue: z.string().nullable().describe('By when another person has to have reviewed it'),
})
export type EmergencyOutput = z.infer<typeof EmergencyOutput>
