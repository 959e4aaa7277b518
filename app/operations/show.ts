import { UserError } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import { asciiOnly } from '@upkeep/domain/printable-escape'
import { printableJson } from '@upkeep/domain/printable-json'
import { recordTypes, type Store } from '@upkeep/engine/store/store'
import { z } from 'zod'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

const Shown = z.strictObject({ type: z.enum([...recordTypes, 'object']), id: z.string(), body: z.unknown() })

/** One record or object, whole, as it is stored. */
export const show = defineOperation({
  id: 'show',
  summary: 'show one record or object whole, by id or digest',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({ id: z.string().min(8).max(200).describe('The id, the digest, or its beginning') }),
  output: Shown,
  cli: {
    verb: 'show',
    positionals: ['id'],
    listed: 'rest',
    examples: [{ command: 'upkeep show 3f9c1a2b7d40aa10', says: 'the observation of that digest' }],
  },
  async run(context, { id }) {
    const store = await requireStore(context)
    const output = await storedAs(store, id)
    return {
      output,
      text: (style) => {
        const text = printable(printableJson(output.body), { newlines: 'keep', maxLength: 1_000_000 })
        return `${output.type} ${output.id}\n${style.ascii ? asciiOnly(text) : text}\n`
      },
    }
  },
})

/**
 * The record of an id, or the object of a digest or of its beginning.
 *
 * @throws UserError `not-found`, or `ambiguous` where more than one object begins like that.
 */
export async function storedAs(store: Store, id: string): Promise<z.infer<typeof Shown>> {
  const found = (await recordOf(store, id)) ?? (await objectOf(store, id))
  if (found !== null) return found
  throw new UserError(
    'not-found',
    'Nothing stored has that id.',
    'Take an id from a report or from "upkeep runs --json".',
  )
}

async function recordOf(store: Store, id: string): Promise<z.infer<typeof Shown> | null> {
  for (const type of recordTypes) {
    const body = await store.records.get(type, id)
    if (body !== null) return { type, id, body: JSON.parse(body) }
  }
  return null
}

async function objectOf(store: Store, id: string): Promise<z.infer<typeof Shown> | null> {
  const named = /^[0-9a-f]{8,64}$/.test(id)
    ? (await store.objects.digests()).filter((digest) => digest.startsWith(id))
    : []
  const [digest, other] = named
  if (other !== undefined)
    throw new UserError('ambiguous', 'More than one object begins like that.', 'Give more of the digest.')
  const body = digest === undefined ? null : await store.objects.get(digest)
  return digest === undefined || body === null ? null : { type: 'object', id: digest, body: JSON.parse(body) }
}
