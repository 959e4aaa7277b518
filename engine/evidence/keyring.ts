import { createHash } from 'node:crypto'
import { UserError } from '@upkeep/contract/errors'
import { LedgerKey } from '@upkeep/contract/evidence'
import { emptyFrontier, type MerkleFrontier } from '@upkeep/domain/merkle'
import { parseVerifierKey, verifierKey } from '@upkeep/domain/signed-note'
import type { Store } from '../store/store.ts'
import { type KeyPair, newKeyPair } from './ed25519.ts'
import { type KeyFiles, keyFiles } from './key-files.ts'
import { makeKeyRecord } from './key-record.ts'

/** What it takes to seal: the private keys of this state folder, and how far the ledger was when it was last grown here. */
export interface Keyring {
  readonly stateDir: string
  readonly practice: boolean
  readonly files: KeyFiles
  /** Key pairs that were read already, by key id. */
  readonly read: Map<string, KeyPair>
  /** The frontier of the tree as this process last left it. Only ever believed after it gives the root of the latest checkpoint. */
  frontier: MerkleFrontier
}

/** The key in force, with the record that put it there. `isNew`: the record is not in the ledger yet. */
export interface KeyInForce {
  readonly record: LedgerKey
  readonly pair: KeyPair
  readonly isNew: boolean
}

/** The keyring of a state folder. Reads nothing yet. */
export function openKeyring({ stateDir, practice }: { stateDir: string; practice: boolean }): Keyring {
  return { stateDir, practice, files: keyFiles(stateDir), read: new Map(), frontier: emptyFrontier }
}

/**
 * The key in force in a ledger; for an empty ledger a new one, with its record yet to be sealed.
 *
 * @throws UserError `state-unusable` when the private key is not in this state folder, or the ledger is not of this kind (practice or not).
 */
export async function keyInForce(tx: Store, keyring: Keyring, at: string): Promise<KeyInForce> {
  const newest = (await tx.keys.list()).at(-1)
  if (newest === undefined) return firstKey(keyring, at)
  const record = LedgerKey.parse(newest)
  if (isPracticeOrigin(record.origin) !== keyring.practice) throw wrongKind(keyring.practice)
  const keyId = parseVerifierKey(record.key)?.keyId ?? ''
  const pair = keyring.read.get(keyId) ?? keyring.files.load(keyId)
  if (pair === null) throw missingKey(keyId)
  keyring.read.set(keyId, pair)
  return { record, pair, isNew: false }
}

/** Makes a key pair and saves it, before anything says that it exists: killed in between, the next run finds a key that no ledger names. */
export function newSavedKey(keyring: Keyring, origin: string | null): { origin: string; pair: KeyPair } {
  const pair = newKeyPair()
  const name = origin ?? originFor(keyring.practice, pair.publicKey)
  const { keyId } = verifierKey(name, pair.publicKey)
  keyring.files.save(keyId, pair)
  keyring.read.set(keyId, pair)
  return { origin: name, pair }
}

/** Whether a ledger is one of the practice fleet: its name says so, and its name is in every checkpoint. */
export function isPracticeOrigin(origin: string): boolean {
  return origin.startsWith('upkeep-practice/')
}

function firstKey(keyring: Keyring, at: string): KeyInForce {
  const { origin, pair } = leftOverKey(keyring) ?? newSavedKey(keyring, null)
  return { record: makeKeyRecord({ at, origin, pair, before: null }), pair, isNew: true }
}

/** A key that an interrupted first run left behind: it is used rather than left lying about. */
function leftOverKey(keyring: Keyring): { origin: string; pair: KeyPair } | null {
  for (const keyId of keyring.files.ids()) {
    const pair = keyring.files.load(keyId)
    const origin = pair === null ? '' : originFor(keyring.practice, pair.publicKey)
    if (pair !== null && verifierKey(origin, pair.publicKey).keyId === keyId) return { origin, pair }
  }
  return null
}

/** A ledger is named after its first key, so that two ledgers never share a name. */
function originFor(practice: boolean, publicKey: Uint8Array): string {
  const mark = createHash('sha256').update(publicKey).digest('hex').slice(0, 16)
  return `${practice ? 'upkeep-practice' : 'upkeep'}/${mark}`
}

function missingKey(keyId: string): UserError {
  return new UserError(
    'state-unusable',
    `The key that signs this ledger (keys/ledger-${keyId}.pem) is not in the state folder.`,
    'Bring the file from where the ledger was last written, or start with an empty state folder.',
  )
}

function wrongKind(practice: boolean): UserError {
  return new UserError(
    'state-unusable',
    practice
      ? 'This state holds a real ledger, not one of the practice fleet.'
      : 'This state is that of the practice fleet.',
    'Use another state folder: practice and real records are never mixed.',
  )
}
