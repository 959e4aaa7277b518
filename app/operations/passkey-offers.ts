import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

export const offersFile = 'passkey-offers.json'
const offerMinutes = 60
const mostBytes = 200_000
const mostOffers = 20

/** A passkey that was made in a browser and waits for a key in force to sign for it at a terminal. */
export const PasskeyOffer = z.strictObject({
  person: z.string(),
  key: z.string().max(6_000),
  at: z.iso.datetime(),
  replaces: z.string().nullable(),
  proof: z.string().max(20_000),
})
export type PasskeyOffer = z.infer<typeof PasskeyOffer>

const Offers = z.array(PasskeyOffer)

/** The newest offer of a person that has not ended; null where there is none. Whoever can write the state can write one: it counts for nothing yet. */
export function offerOf(stateDir: string, person: string, now: string): PasskeyOffer | null {
  return standing(stateDir, now).findLast((one) => one.person === person) ?? null
}

/** Keeps an offer in the place of an earlier one of the same person. */
export async function keepOffer(stateDir: string, offer: PasskeyOffer): Promise<void> {
  const others = standing(stateDir, offer.at).filter(({ person }) => person !== offer.person)
  await write(stateDir, [...others, offer].slice(-mostOffers))
}

/** Forgets the offer of a person. */
export async function dropOffer(stateDir: string, person: string, now: string): Promise<void> {
  await write(
    stateDir,
    standing(stateDir, now).filter((one) => one.person !== person),
  )
}

/** When an offer ends. */
export function offerUntil({ at }: Pick<PasskeyOffer, 'at'>): string {
  return new Date(Date.parse(at) + offerMinutes * 60_000).toISOString()
}

/** What the page and the terminal both show of a key, for a person to compare: 60 bits of its SHA-256. */
export function codeOf(key: string): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  const bytes = createHash('sha256').update(key).digest()
  const signs = Array.from({ length: 12 }, (_, index) => letters[(bytes[index] ?? 0) % letters.length])
  return [0, 4, 8].map((from) => signs.slice(from, from + 4).join('')).join('-')
}

function standing(stateDir: string, now: string): PasskeyOffer[] {
  const parsed = Offers.safeParse(read(join(stateDir, offersFile)))
  return parsed.success ? parsed.data.filter((one) => offerUntil(one) > now) : []
}

async function write(stateDir: string, offers: readonly PasskeyOffer[]): Promise<void> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  await writeFileAtomic(join(stateDir, offersFile), `${JSON.stringify(offers, null, 2)}\n`, { mode: 0o600 })
}

function read(path: string): unknown {
  try {
    const bytes = readFileSync(path)
    return bytes.length > mostBytes ? null : JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
