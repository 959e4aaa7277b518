import { type PersonKey, UserError } from '@upkeep/contract'
import { enrolmentStatement } from '@upkeep/domain/changes/signed-statements'
import { dayOf } from '@upkeep/domain/distance'
import { keysInForce } from '@upkeep/engine/change/person-keys'
import { bindsPasskeys, isPasskey, passkeyLine, readPasskey } from '@upkeep/engine/kernel/passkey'
import { plain } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import type { Context, PasskeyDoor } from './context.ts'
import { keepKey, ownKeys } from './enrol-key.ts'
import { defineOperation } from './operation.ts'
import { codeOf, keepOffer, offerOf, offerUntil, type PasskeyOffer } from './passkey-offers.ts'

const mostPasskeys = 10

const ListedKey = z.strictObject({
  id: z.string(),
  person: z.string(),
  at: z.string(),
  kind: z.enum(['ssh-key', 'passkey']),
  key: z.string().describe('As it is enrolled'),
  code: z.string().describe('Twelve letters of its digest, to tell it from others'),
  origin: z.string().nullable().describe('The page that a passkey is bound to'),
  vouched: z.boolean().describe('False for the first key of a person: it was believed'),
})
const Offer = z.strictObject({ code: z.string(), until: z.string(), command: z.string() })

/** The keys by which people decide, and a new one. */
export const keys = defineOperation({
  id: 'keys',
  summary: 'the keys by which people approve; in the console, a passkey of yours',
  effect: 'write',
  role: 'viewer',
  readsWithout: ['passkey', 'replaces'],
  input: z.strictObject({
    passkey: z
      .string()
      .regex(/^(?:ES256|EdDSA|RS256) [A-Za-z0-9_-]{40,1600} [A-Za-z0-9_-]{16,1400}$/)
      .optional()
      .meta({
        description: 'A new passkey of yours, by the console: algorithm, public key, credential id',
        valueName: 'passkey',
      }),
    replaces: z
      .string()
      .optional()
      .meta({ description: 'The id of the passkey of yours that it takes the place of', valueName: 'id' }),
  }),
  output: z.strictObject({
    you: z.string(),
    keys: z.array(ListedKey),
    waiting: Offer.nullable().describe('A passkey of yours that waits for a key in force to sign for it'),
  }),
  cli: {
    verb: 'keys',
    positionals: [],
    listed: 'rest',
    examples: [{ command: 'upkeep keys', says: 'whose keys count, since when' }],
  },
  decides: ({ passkey }) => passkey !== undefined,
  async run(context, { passkey, replaces }) {
    if (passkey !== undefined) await enrolPasskey(context, passkey, replaces ?? null)
    const output = await keysNow(context)
    return {
      output,
      text: (style) => {
        if (output.keys.length === 0)
          return 'No key of anybody is known. The first is remembered: upkeep approve <change> --key <file>\n'
        const rows = output.keys.map((one) => ({
          label: one.kind === 'passkey' ? 'passkey' : 'SSH key',
          tone: 'dim' as const,
          name: one.person,
          lines: [
            plain(style, one.origin ?? one.key, 200),
            `${one.code}, since ${dayOf(one.at)}${one.vouched ? '' : ', the first: it was believed'}`,
          ],
          command: null,
        }))
        return `${layRows(rows, style).join('\n')}\n`
      },
    }
  },
})

async function keysNow(context: Context) {
  const records = (await (await context.existingStore())?.personKeys.list()) ?? []
  const offer = offerOf(context.stateDir, context.signer.person, context.clock.now())
  return {
    you: context.signer.person,
    keys: [...keysInForce(records).values()].flatMap((own) => own.map(listed)),
    waiting: offer === null ? null : waiting(offer),
  }
}

function listed({ id, person, at, key, vouched }: PersonKey): z.infer<typeof ListedKey> {
  const kind = isPasskey(key) ? ('passkey' as const) : ('ssh-key' as const)
  return {
    ...{ id, person, at, kind, key },
    code: codeOf(key),
    origin: readPasskey(key)?.origin ?? null,
    vouched: vouched !== null,
  }
}

function waiting(offer: PasskeyOffer): z.infer<typeof Offer> {
  return { code: codeOf(offer.key), until: offerUntil(offer), command: 'upkeep approve passkey' }
}

/** The new passkey signs for itself, and a key in force for it: another passkey at once, an SSH key at a terminal, within an hour. */
async function enrolPasskey(context: Context, given: string, replaces: string | null): Promise<void> {
  const door = doorOf(context)
  const own = await ownKeys(context)
  const line = lineOf(given, door, own)
  const words = { person: context.signer.person, key: line, at: context.clock.now(), replaces }
  const statement = enrolmentStatement(words)
  const about = `A passkey for ${door.origin}, to decide in the name of ${words.person}: ${codeOf(line)}.`
  const proof = await door.keyOf([line], `${about} It signs for itself.`).sign(statement)
  const passkeys = own.flatMap(({ key }) => (readPasskey(key)?.origin === door.origin ? [key] : []))
  if (own.length > 0 && passkeys.length === 0) return keepOffer(context.stateDir, { ...words, proof })
  const vouched =
    own.length === 0 ? null : await door.keyOf(passkeys, `${about} One that you have signs for it.`).sign(statement)
  await keepKey(context, { ...words, proof, vouched, presence: 'passkey' })
}

function doorOf({ passkeys }: Context): PasskeyDoor {
  if (passkeys === undefined)
    throw new UserError('needs-a-person', 'A passkey is made in a browser.', 'In the console: Settings, Your keys.')
  if (bindsPasskeys(passkeys.origin)) return passkeys
  throw new UserError(
    'not-allowed',
    'Passkeys are bound to a name, and this page was opened by an address.',
    `Open it as ${passkeys.origin.replace(/\/\/[^/]*?(:\d+)?$/, '//localhost$1')}: the link that "upkeep serve" prints without --host.`,
  )
}

function lineOf(given: string, { origin }: PasskeyDoor, own: readonly PersonKey[]): string {
  const [algorithm = '', publicKey = '', credential = ''] = given.split(' ')
  const line = passkeyLine({ algorithm, publicKey, credential, origin })
  if (readPasskey(line) === null)
    throw new UserError('bad-input', 'The passkey is of a kind that is not taken.', 'ES256, EdDSA or RS256.')
  if (own.some(({ key }) => readPasskey(key)?.credential === credential))
    throw new UserError('not-allowed', 'This passkey is yours already.', 'Use it.')
  if (own.filter(({ key }) => isPasskey(key)).length >= mostPasskeys)
    throw new UserError('not-allowed', `You have ${mostPasskeys} passkeys.`, 'Let the new one replace another.')
  return line
}
