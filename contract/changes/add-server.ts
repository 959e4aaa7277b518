import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

const text = z.string().max(4_000)
const named = z.record(z.string().max(200), text)

/** Declare a server in a client's file. Can be undone. Values of variables and headers are references or plainly no secrets. */
export const AddServer = z.strictObject({
  kind: z.literal('add-server'),
  ...namedEntry,
  entry: z.discriminatedUnion('transport', [
    z.strictObject({
      transport: z.literal('stdio'),
      command: text.min(1),
      args: z.array(text).max(500),
      env: named,
      cwd: text.nullable(),
    }),
    z.strictObject({ transport: z.enum(['http', 'sse']), url: text.min(1), headers: named }),
  ]),
})
