import type { Output } from '../api/client'

export type RecordProof = NonNullable<Output<'proof'>['proof']>

/** One thing that was checked here. `unknown`: this browser cannot, and says why. */
export interface Checked {
  readonly what: 'record' | 'keys' | 'head'
  readonly status: 'pass' | 'fail' | 'unknown'
  readonly says: string
}

interface Head {
  readonly text: string
  readonly origin: string
  readonly size: number
  readonly root: string
  readonly signatures: readonly { name: string; bytes: Bytes }[]
}

type Bytes = Uint8Array<ArrayBuffer>
type Verify = (line: string, text: string, signature: Bytes) => Promise<boolean>

/**
 * Checks the proof of a record in this browser, by nothing but what stands in it: that it is of what is shown, that its bytes lead to the root of
 * the head (RFC 9162), that each key was put in force by the one before, and that the one in force signed the head (Ed25519, C2SP signed-note).
 */
export async function checkProof(proof: RecordProof, shown: unknown): Promise<Checked[]> {
  if (globalThis.crypto?.subtle === undefined)
    return [{ what: 'record', status: 'unknown', says: 'this browser computes no digests on a page without TLS' }]
  const head = readHead(proof.checkpoint)
  if (head === null || head.origin !== proof.origin)
    return [{ what: 'head', status: 'fail', says: 'the signed head cannot be read, or is of another ledger' }]
  if (canonical(shown) !== canonical(proof.record))
    return [{ what: 'record', status: 'fail', says: 'what is shown here is not the record of the proof' }]
  const leads = await leadsTo(proof, head)
  const record: Checked = leads
    ? { what: 'record', status: 'pass', says: `its bytes are those of leaf ${proof.index} under the head's root` }
    : { what: 'record', status: 'fail', says: 'its bytes do not lead to the root of the head' }
  try {
    return [record, ...(await checkSigned(proof, head))]
  } catch {
    return [record, { what: 'head', status: 'unknown', says: 'this browser cannot verify signatures of Ed25519' }]
  }
}

/** @throws where the browser knows no Ed25519. */
async function checkSigned(proof: RecordProof, head: Head): Promise<Checked[]> {
  let before: string | null = null
  for (const { index, record, path } of proof.keys) {
    const isFirst = before === null
    const holds =
      (isFirst ? index === 0 : record.replaces === before) &&
      (await keyHolds(record, before, proof.origin)) &&
      (await leadsTo({ type: 'key', record, index, path }, head))
    if (!holds)
      return [{ what: 'keys', status: 'fail', says: `the key at leaf ${index} was not put in force as it should` }]
    before = record.key
  }
  const signed = before !== null && (await isSignedBy(head, before))
  const count = proof.keys.length
  return [
    {
      what: 'keys',
      status: count === 0 ? 'fail' : 'pass',
      says:
        count === 1 ? 'the first key of the ledger is in force' : `${count} keys, each put in force by the one before`,
    },
    signed
      ? { what: 'head', status: 'pass', says: `it is signed by the key in force, ${(before ?? '').split('+')[1]}` }
      : { what: 'head', status: 'fail', says: 'it is not signed by the key in force' },
  ]
}

async function leadsTo(
  { type, record, index, path }: Pick<RecordProof, 'index' | 'path'> & { type: string; record: object },
  { size, root }: Head,
): Promise<boolean> {
  if (index >= size) return false
  const leaf = await sha256(Uint8Array.of(0), utf8(canonical({ type, record })))
  const found = await rootFrom(leaf, { index, size, path: path.map(fromHex) })
  return found !== null && toBase64(found) === root
}

interface Way {
  readonly index: number
  readonly size: number
  readonly path: readonly Bytes[]
}

/** The root to which a path leads from a leaf (RFC 9162, 2.1.3.1 read from the end); null where it is longer or shorter than the tree is high. */
async function rootFrom(leaf: Bytes, { index, size, path }: Way): Promise<Bytes | null> {
  if (size === 1) return path.length === 0 ? leaf : null
  const beside = path.at(-1)
  if (beside === undefined) return null
  let left = 1
  while (left * 2 < size) left *= 2
  const rest = path.slice(0, -1)
  const isLeft = index < left
  const inner = await rootFrom(
    leaf,
    isLeft ? { index, size: left, path: rest } : { index: index - left, size: size - left, path: rest },
  )
  if (inner === null) return null
  return sha256(Uint8Array.of(1), ...(isLeft ? [inner, beside] : [beside, inner]))
}

async function keyHolds(
  record: RecordProof['keys'][number]['record'],
  before: string | null,
  origin: string,
): Promise<boolean> {
  const { signatures, ...unsigned } = record
  const text = `upkeep key record\n${canonical(unsigned)}`
  const signedBy = async (line: string) => {
    for (const { key, signature } of signatures)
      if (key === line && (await verified(line, text, fromBase64(signature)))) return true
    return false
  }
  const isOurs = record.origin === origin && record.key.startsWith(`${origin}+`)
  return isOurs && (await signedBy(record.key)) && (before === null ? record.replaces === null : await signedBy(before))
}

async function isSignedBy({ text, signatures }: Head, line: string): Promise<boolean> {
  const [name, id] = line.split('+')
  for (const one of signatures) {
    if (one.name !== name || toHex(one.bytes.slice(0, 4)) !== id) continue
    if (await verified(line, text, one.bytes.slice(4))) return true
  }
  return false
}

/** A key is name+id+base64(1, 32 bytes of Ed25519); its id begins the SHA-256 of name, line feed, and those 33 bytes. */
const verified: Verify = async (line, text, signature) => {
  const [name = '', id = '', ...rest] = line.split('+')
  const bytes = fromBase64(rest.join('+'))
  if (bytes.length !== 33 || bytes[0] !== 1) return false
  if (toHex((await sha256(utf8(`${name}\n`), bytes)).slice(0, 4)) !== id) return false
  const key = await crypto.subtle.importKey('raw', bytes.slice(1), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', key, signature, utf8(text))
}

/** A signed note (C2SP): origin, size and root in a line each, an empty line, lines of signatures. */
function readHead(note: string): Head | null {
  const split = note.lastIndexOf('\n\n')
  const text = note.slice(0, split + 1)
  const [origin = '', size = '', root = ''] = text.split('\n')
  const signatures = note
    .slice(split + 2)
    .split('\n')
    .filter((line) => line.startsWith('— '))
    .map((line) => ({ name: line.split(' ')[1] ?? '', bytes: fromBase64(line.split(' ')[2] ?? '') }))
  if (split < 0 || origin === '' || !/^[1-9][0-9]{0,14}$/.test(size)) return null
  return { text, origin, size: Number(size), root, signatures }
}

/** Canonical JSON (RFC 8785): members sorted by UTF-16 code units, numbers and strings as ECMAScript writes them. */
function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`
}

async function sha256(...parts: Bytes[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer()))
}

/** Whether the text of an object has the digest by which it is named. */
export async function isNamedBy(body: unknown, digest: string): Promise<boolean> {
  return toHex(await sha256(utf8(canonical(body)))) === digest
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text)
}
function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
function toBase64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes))
}
/** Empty where it is no base64: no signature and no key is. */
function fromBase64(text: string): Bytes {
  try {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
