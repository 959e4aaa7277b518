import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { fromBase64, toBase64 } from './base64.ts'

const maxNoteLength = 100_000
const maxSignatures = 16
/** The signature type of Ed25519 in the signed-note format. */
const ed25519 = Uint8Array.of(1)

/** One signature line of a note: who says so (`name` and the first four bytes of the key's hash, as hex), and the signature. */
export interface NoteSignature {
  readonly name: string
  readonly keyId: string
  readonly signature: Uint8Array
}

/** Text with signatures below it (C2SP signed-note). `text` ends in a line feed; it is what was signed. */
export interface SignedNote {
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** A public key under its name: what a reader pins. */
export interface VerifierKey {
  readonly name: string
  readonly keyId: string
  readonly publicKey: Uint8Array
}

/** A note as it is stored and handed out: text, an empty line, a line for each signature. */
export function formatNote(note: SignedNote): string {
  return `${note.text}\n${note.signatures.map(formatSignature).join('')}`
}

/** The note that a text is; null when it is none. Lines of signatures by unknown keys are kept: they may be of any type. */
export function parseNote(source: string): SignedNote | null {
  if (source.length > maxNoteLength || !isPlainText(source)) return null
  const split = source.lastIndexOf('\n\n')
  if (split < 1 || !source.endsWith('\n')) return null
  const lines = source.slice(split + 2, -1).split('\n')
  if (lines.length > maxSignatures) return null
  const signatures = lines.map(parseSignature).filter((signature) => signature !== null)
  return signatures.length === lines.length ? { text: source.slice(0, split + 1), signatures } : null
}

/** The key that a raw Ed25519 public key of 32 bytes is under a name. */
export function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name) || publicKey.length !== 32) throw new RangeError('not a key name and an Ed25519 public key')
  const hash = sha256(concatBytes(utf8ToBytes(`${name}\n`), ed25519, publicKey))
  return { name, keyId: bytesToHex(hash.subarray(0, 4)), publicKey }
}

/** A key in one line: `name+keyid+base64`. */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${key.keyId}+${toBase64(concatBytes(ed25519, key.publicKey))}`
}

/** The Ed25519 key that a line is; null when it is none, or when its id is not that of its bytes. */
export function parseVerifierKey(line: string): VerifierKey | null {
  if (line.length > 500) return null
  const [name = '', keyId = '', ...rest] = line.split('+')
  const bytes = fromBase64(rest.join('+'))
  if (!isKeyName(name) || bytes?.length !== 33 || bytes[0] !== 1) return null
  const key = verifierKey(name, bytes.subarray(1))
  return key.keyId === keyId ? key : null
}

function formatSignature({ name, keyId, signature }: NoteSignature): string {
  const id = Uint8Array.from(keyId.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  return `— ${name} ${toBase64(concatBytes(id, signature))}\n`
}

function parseSignature(line: string): NoteSignature | null {
  const [mark, name = '', encoded = '', ...more] = line.split(' ')
  const bytes = fromBase64(encoded)
  if (mark !== '—' || more.length > 0 || !isKeyName(name) || bytes === null || bytes.length < 5) return null
  return { name, keyId: bytesToHex(bytes.subarray(0, 4)), signature: bytes.slice(4) }
}

function isKeyName(name: string): boolean {
  return /^[^\s+]{1,200}$/u.test(name) && isPlainText(name)
}

/** Text as a note may hold it: whole characters, and of the control characters only the line feed. */
function isPlainText(text: string): boolean {
  return text.isWellFormed() && !/[\x00-\x09\x0b-\x1f]/.test(text)
}
