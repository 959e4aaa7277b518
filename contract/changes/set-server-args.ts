import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

const index = z.int().nonnegative().max(10_000)
const text = z.string().max(4_000)

/** One argument, by its place before any of the changes; `from` and `before` are what must stand there, null being the end. */
export const ArgumentChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('replace'), index, from: text, to: text }),
  z.strictObject({ kind: z.literal('remove'), index, from: text }),
  z.strictObject({ kind: z.literal('insert'), index, before: text.nullable(), text }),
])
export type ArgumentChange = z.infer<typeof ArgumentChange>

/** Change single arguments of an entry, such as the folders that a server may reach. Can be undone. No secret stands in it. */
export const SetServerArgs = z.strictObject({
  kind: z.literal('set-server-args'),
  ...namedEntry,
  changes: z.array(ArgumentChange).min(1).max(100),
})
