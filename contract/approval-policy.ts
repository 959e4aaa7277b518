import { z } from 'zod'
import { ChangeClass } from './change-plan.ts'
import { Money } from './money.ts'
import { Role } from './person.ts'

/** What a kind of change takes before it may be made. Of several policies the first that fits counts. */
export const ApprovalPolicy = z.strictObject({
  name: z.string().min(1).max(100).describe('What to call it in records'),
  when: z
    .strictObject({
      class: z.array(ChangeClass).min(1).optional().describe('Only changes of these classes'),
      risk: z
        .array(z.enum(['low', 'medium', 'high']))
        .min(1)
        .optional()
        .describe('Only changes of these risks'),
      undoable: z.boolean().optional().describe('Only changes that can be taken back whole, or only those that cannot'),
      servers: z
        .array(z.string().min(1).max(200))
        .min(1)
        .max(1_000)
        .optional()
        .describe(
          'Only changes that are about one of these servers; a name that ends in * stands for all that begin so',
        ),
      kinds: z
        .array(z.string().min(1).max(100))
        .min(1)
        .max(100)
        .optional()
        .describe('Only changes that do one of these things, such as set-server-version'),
      costs: Money.optional().describe(
        'Only changes that cost this much or more, as whoever asks says; one that costs in another currency is among them',
      ),
    })
    .default({}),
  approvals: z.int().min(0).max(5).default(1).describe('By how many people it has to be approved'),
  roles: z.array(Role).min(1).default(['approver']).describe('In one of these roles each'),
  presence: z
    .boolean()
    .default(true)
    .describe('Whether each has to show that they are there, with a key that they unlock or touch'),
  separation: z.boolean().default(true).describe('Whether whoever asked for it may not be among them'),
  training: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(20)
    .optional()
    .describe('What each has to be trained in, by a statement in force: scopes such as security-training-updates'),
  validDays: z.int().min(1).max(90).default(7).describe('For how many days an approval holds'),
})
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>

/** What one policy asked of a change, as records keep it. */
export const AskedApprovals = z.strictObject({
  policy: z.string(),
  approvals: z.int().nonnegative(),
  roles: z.array(Role),
  presence: z.boolean(),
  separation: z.boolean(),
  /** What each has to be trained in; left out where nothing is asked. */
  training: z.array(z.string()).optional(),
})
export type AskedApprovals = z.infer<typeof AskedApprovals>
