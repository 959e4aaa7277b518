import { z } from 'zod'
import { ChangeClass } from './change-plan.ts'
import { SecretReference } from './secret-reference.ts'
import { Instant } from './time.ts'

const address = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => !/[?#@]|\/$/.test(url),
    'an address without a user, query or fragment, and without a slash at its end',
  )

/** Which changes get a ticket. All that is named has to fit; what is left out leaves nothing out. */
const Covered = z.strictObject({
  class: z.array(ChangeClass).min(1).optional().describe('Only changes of these classes'),
  risk: z
    .array(z.enum(['low', 'medium', 'high']))
    .min(1)
    .optional()
    .describe('Only changes of these risks'),
  owners: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(100)
    .optional()
    .describe('Only changes to servers that one of these answers for'),
})

const shared = {
  name: z.string().min(1).max(100).describe('What to call it here, in the log and in the inbox'),
  token: SecretReference.describe('Where its token is found: env:NAME or file:/path'),
  when: Covered.prefault({}).describe(
    'Which changes get a ticket there; of several trackers the first that fits counts',
  ),
}
const labels = z
  .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,49}$/, 'letters, digits and . _ : - without blanks'))
  .max(10)
  .default(['upkeep'])
  .describe('Labels of each ticket')

/** What a ticket becomes when the change is being made, is done, or is not made after all. */
const moves = (what: string) =>
  z
    .strictObject({
      begun: z.string().min(1).max(100).optional(),
      done: z.string().min(1).max(100).optional(),
      dropped: z.string().min(1).max(100).optional(),
    })
    .prefault({})
    .describe(what)

/** Where changes get a ticket: one each. What is done there decides nothing here. */
export const TicketTracker = z.union([
  z.strictObject({
    ...shared,
    github: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/, 'a repository: owner/name')
      .describe('The repository whose issues are the tickets'),
    at: address.default('https://api.github.com').describe('Its API; of an Enterprise Server https://host/api/v3'),
    labels,
  }),
  z.strictObject({
    ...shared,
    gitlab: z
      .string()
      .regex(
        /^(\d{1,12}|[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*){1,20})$/,
        'a project: group/name, or its number',
      )
      .max(255)
      .describe('The project whose issues are the tickets'),
    at: address.default('https://gitlab.com').describe('The address of GitLab'),
    labels,
  }),
  z
    .strictObject({
      ...shared,
      jira: z
        .string()
        .regex(/^[A-Z][A-Z0-9_]{1,99}$/, 'the key of a project, such as OPS')
        .describe('The key of the project'),
      at: address.describe('The address of the site, such as https://example.atlassian.net'),
      deployment: z.enum(['cloud', 'data-center']).default('cloud').describe('Cloud takes REST v3, Data Center v2'),
      user: z.email().optional().describe('Whose API token it is, on Cloud'),
      issueType: z.string().min(1).max(100).default('Task'),
      labels,
      moves: moves('Names of transitions; left out, the first that leads to the fitting category of states'),
    })
    .refine(({ deployment, user }) => (deployment === 'cloud') === (user !== undefined), {
      path: ['user'],
      message:
        'Cloud takes the address of whoever the API token belongs to; Data Center a personal access token and no user',
    }),
  z.strictObject({
    ...shared,
    servicenow: z.enum(['change_request', 'incident']).describe('The table whose records are the tickets'),
    at: address.describe('The address of the instance, such as https://example.service-now.com'),
    user: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Whose password "token" leads to; left out, it is an OAuth access token'),
    moves: moves('Values of "state"; left out for what is only commented'),
  }),
])
export type TicketTracker = z.infer<typeof TicketTracker>
export type TrackerOf<Kind extends string> = Extract<TicketTracker, Record<Kind, string>>

/** Where a ticket is to be: left as it is, in work, done, or given up. */
export const TicketMove = z.enum(['stay', 'begun', 'done', 'dropped'])
export type TicketMove = z.infer<typeof TicketMove>

/** What a ticket is told, before it is written in the tracker's own markup. Texts are as they were found. */
export const TicketMessage = z.strictObject({
  change: z.string(),
  /** `opened`: what the ticket is made of. `note`: a comment on it. */
  is: z.enum(['opened', 'note']),
  title: z.string(),
  sections: z.array(z.strictObject({ heading: z.string(), lines: z.array(z.string()) })),
  /** When the change was proposed: no ticket of it is older. */
  since: Instant,
  /** The day by which it is to be made, where one is known. */
  due: z.iso.date().nullable(),
  move: TicketMove,
})
export type TicketMessage = z.infer<typeof TicketMessage>
