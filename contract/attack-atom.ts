import { z } from 'zod'

const Words = z.array(z.string().min(1).max(60)).min(1).max(20)
const Statuses = z.array(z.int().min(400).max(599)).min(1)

/** What a request carries that is not as a client would send it. What is left out is as it should be. */
const Forged = z.strictObject({
  token: z.enum(['none', 'foreign-audience', 'expired', 'in-address']).optional(),
  session: z.enum(['guessed', 'ended', 'of-another']).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Bytes of padding in the body. */
  padding: z.int().positive().optional(),
})

/** How the answer to a call is read. `contains`: the attack worked where it holds the text. `served`: where it is no error. */
const Sign = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('contains'), text: z.string().min(1) }),
  z.strictObject({ by: z.literal('served') }),
  z.strictObject({ by: z.literal('longer'), characters: z.int().positive() }),
  z.strictObject({ by: z.literal('slower'), milliseconds: z.int().positive() }),
  z.strictObject({ by: z.literal('inner-workings') }),
  z.strictObject({ by: z.literal('calls-sink') }),
])
export type Sign = z.infer<typeof Sign>

/** A way of attacking, and what it is told. Each name is one attack program; an atom is that program with parameters. */
export const AttackMethod = z.discriminatedUnion('probe', [
  z.strictObject({ probe: z.literal('forged-request'), with: z.strictObject({ forged: Forged, refusedBy: Statuses }) }),
  z.strictObject({ probe: z.literal('foreign-preflight'), with: z.strictObject({ origin: z.string() }) }),
  z.strictObject({ probe: z.literal('batch'), with: z.strictObject({ requests: z.int().min(2).max(100) }) }),
  z.strictObject({ probe: z.literal('burst'), with: z.strictObject({ requests: z.int().min(2).max(500) }) }),
  z.strictObject({ probe: z.literal('same-id'), with: z.strictObject({}) }),
  z.strictObject({ probe: z.literal('nested-argument'), with: z.strictObject({ depth: z.int().min(2).max(20_000) }) }),
  z.strictObject({
    probe: z.literal('cancel-flood'),
    with: z.strictObject({ notifications: z.int().min(2).max(2_000) }),
  }),
  z.strictObject({ probe: z.literal('unlisted-tool'), with: z.strictObject({ names: Words }) }),
  z.strictObject({
    probe: z.literal('tool-argument'),
    with: z.strictObject({
      /** Words of which one stands in the tool's name; any tool where there are none. */
      tools: z.array(z.string()).max(20),
      /** Words of which one stands in the argument's name. */
      argument: Words,
      value: z.json(),
      /** A value that must be served first, and its sign: else nothing was reached that could refuse. */
      plain: z.strictObject({ value: z.json(), contains: z.string() }).optional(),
      sign: Sign,
    }),
  }),
  z.strictObject({ probe: z.literal('write-outside'), with: z.strictObject({ tools: Words, argument: Words }) }),
  z.strictObject({ probe: z.literal('resource-address'), with: z.strictObject({ uri: z.string() }) }),
  z.strictObject({ probe: z.literal('polluted-prototype'), with: z.strictObject({ member: z.string() }) }),
  z.strictObject({ probe: z.literal('environment'), with: z.strictObject({}) }),
  z.strictObject({ probe: z.literal('secret-in-log'), with: z.strictObject({ argument: Words }) }),
  z.strictObject({
    probe: z.literal('listing'),
    with: z.strictObject({ times: z.int().min(1).max(10), sign: z.enum(['changed', 'hidden-text']) }),
  }),
  z.strictObject({ probe: z.literal('uninvited-request'), with: z.strictObject({ methods: Words }) }),
  z.strictObject({ probe: z.literal('own-connection'), with: z.strictObject({}) }),
])
export type AttackMethod = z.infer<typeof AttackMethod>

/** A guard that an attack tries: what would have to be taken away for it to work. */
export const Guard = z.string().regex(/^[a-z]+(-[a-z]+)*$/)

/**
 * One harmless attack: a way, its parameters, and the one guard whose absence lets it through. `maps` holds ids of public lists and nothing
 * of their text.
 */
export const AttackAtom = z
  .strictObject({
    id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
    version: z.int().positive(),
    title: z.string().min(10).max(100),
    guard: Guard,
    over: z.enum(['http', 'any']),
    maps: z.strictObject({
      owaspMcp: z.array(z.string().regex(/^MCP(0[1-9]|10)$/)),
      owaspAgentic: z.array(z.string().regex(/^ASI(0[1-9]|10)$/)),
      safeMcp: z.array(z.string().regex(/^SAFE-T\d{4}$/)),
    }),
  })
  .and(AttackMethod)
export type AttackAtom = z.infer<typeof AttackAtom>

/** A pack of atoms. */
export const AttackAtoms = z.array(AttackAtom).max(1_000)
