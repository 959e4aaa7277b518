#!/usr/bin/env node
// Verifies the proof of one record of upkeep's ledger. One file, no dependency, Node 18 or later; it writes nothing and reaches no network.
// It shares no code with the product, on purpose: the formats are those of RFC 8785 (canonical JSON), RFC 9162 (Merkle tree and its proofs)
// and C2SP signed-note and tlog-checkpoint, each written out again below. Exit: 0 valid, 1 not valid, 2 wrong usage.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'

const usage = `usage: upkeep-verify-proof.mjs <proof.json> [--checkpoint <earlier.note>]... [--key <public key>]... [--json]
  --checkpoint  a file of checkpoints exported earlier: the one of the size that the proof was asked to grow from is held against it
  --key         a public key of the ledger kept elsewhere (name+id+base64): shows whose ledger it is`
const maxBytes = 16 * 1024 * 1024
const maxDepth = 600

/** Canonical JSON (RFC 8785): members sorted by UTF-16 code units, numbers and strings as ECMAScript writes them. */
function canonical(value, depth = 0) {
  const isBad = typeof value === 'string' ? /\p{Surrogate}/u.test(value) : value === Infinity || value === -Infinity
  if (depth > maxDepth || isBad) throw new RangeError('no canonical form')
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${canonical(name)}:${canonical(value[name], depth + 1)}`).join(',')}}`
}

/** What `make` gives; null when it throws, as on text that is not JSON and on JSON that has no canonical form. */
function attempt(make) {
  try {
    return make()
  } catch {
    return null
  }
}

// Merkle tree (RFC 9162, 2.1): a leaf is hashed after a zero byte, a node after a one byte.
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const leafOf = (type, record) => attempt(() => sha256(Buffer.of(0), canonical({ type, record })))
const nodeOf = (left, right) => sha256(Buffer.of(1), left, right)

/** The left side of a tree is the largest power of two below its size. */
function leftOf(size) {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** The root to which a path leads from a leaf (2.1.3.1 read from the end); null where it is longer or shorter than the tree is high. */
function rootFrom(leaf, index, size, path) {
  if (size === 1) return path.length === 0 ? leaf : null
  const [beside, rest, left] = [path.at(-1), path.slice(0, -1), leftOf(size)]
  if (beside === undefined) return null
  const inner = index < left ? rootFrom(leaf, index, left, rest) : rootFrom(leaf, index - left, size - left, rest)
  return inner && (index < left ? nodeOf(inner, beside) : nodeOf(beside, inner))
}

/** The older and the newer root that a consistency proof gives (2.1.4.1 read from the end). `known`: the older root, where it is a whole subtree. */
function rootsFrom(older, size, path, known) {
  if (older === size) {
    const [own, ...more] = known === null ? path : [known, ...path]
    return own === undefined || more.length > 0 ? null : [own, own]
  }
  const [beside, rest, left] = [path.at(-1), path.slice(0, -1), leftOf(size)]
  if (beside === undefined) return null
  const inner = older <= left ? rootsFrom(older, left, rest, known) : rootsFrom(older - left, size - left, rest, null)
  if (inner === null) return null
  return older <= left ? [inner[0], nodeOf(inner[1], beside)] : inner.map((one) => nodeOf(beside, one))
}

// Signed notes and checkpoints (C2SP): text, an empty line, lines "— name base64(key id, signature)".
/** The bytes of base64 in its one spelling; null otherwise. */
function fromBase64(text) {
  const bytes = Buffer.from(String(text), 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

function readSignature(line) {
  const [mark, name, encoded, ...more] = line.split(' ')
  const bytes = fromBase64(encoded)
  if (mark !== '—' || more.length > 0 || bytes === null || bytes.length < 5) return null
  return { name, keyId: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) }
}

function readCheckpoint(source) {
  if (typeof source !== 'string' || source.length > 100_000 || !source.endsWith('\n')) return null
  const split = source.lastIndexOf('\n\n')
  const text = source.slice(0, split + 1)
  const [origin, size, root64] = text.split('\n')
  const root = fromBase64(root64)
  const signatures = source
    .slice(split + 2, -1)
    .split('\n')
    .map(readSignature)
  if (!origin || !/^(0|[1-9][0-9]{0,14})$/.test(size) || root?.length !== 32) return null
  if (signatures.includes(null) || signatures.length > 16) return null
  return { text, origin, size: Number(size), root, signatures }
}

/** A file may hold several notes, one appended after another: each ends with its lines of signatures. */
const splitNotes = (source) => source.split(/(?<=\n— [^\n]*\n)(?!— )/).filter((note) => note !== '')

/** A key is name+id+base64(1, 32 bytes of Ed25519); its id begins the SHA-256 of name, line feed, and those 33 bytes. */
function readKey(line) {
  const [name, id, ...rest] = String(line).split('+')
  const bytes = fromBase64(rest.join('+'))
  if (!name || bytes?.length !== 33 || bytes[0] !== 1) return null
  if (sha256(`${name}\n`, bytes).toString('hex', 0, 4) !== id) return null
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') }
  return { name, id, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) }
}

function isSigned(text, signature, line) {
  const key = readKey(line)
  return key !== null && signature?.length === 64 && verifySignature(null, Buffer.from(text), key.publicKey, signature)
}

function noteIsSignedBy({ text, signatures }, line) {
  const [name, id] = line.split('+')
  return signatures.some((one) => one.name === name && one.keyId === id && isSigned(text, one.signature, line))
}

// The checks.
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isIndex = (value) => Number.isSafeInteger(value) && value >= 0
const isPath = (path) => Array.isArray(path) && path.length <= 64 && path.every((one) => /^[0-9a-f]{64}$/.test(one))
const bytesOf = (path) => path.map((one) => Buffer.from(one, 'hex'))

/** What of the shape, on which all else rests, is wrong; null when nothing is. */
function shapeFault(proof) {
  if (proof?.format !== 'upkeep-record-proof/1') return 'it is not a proof of a record, of format 1'
  if (typeof proof.origin !== 'string' || typeof proof.type !== 'string') return '"origin" or "type" is not a text'
  if (!isIndex(proof.index) || !isObject(proof.record) || !isPath(proof.path))
    return '"index", "record" or "path" is wrong'
  const isKey = (one) => isIndex(one?.index) && isObject(one.record) && isPath(one.path)
  if (!Array.isArray(proof.keys) || !proof.keys.every(isKey)) return '"keys" is wrong'
  const { earlier } = proof
  return earlier === null || (isIndex(earlier?.size) && isPath(earlier.path)) ? null : '"earlier" is wrong'
}

function leads({ type, record, index, path }, { size, root }) {
  const leaf = leafOf(type, record)
  return leaf !== null && index < size && rootFrom(leaf, index, size, bytesOf(path))?.equals(root) === true
}

/** Why a key record does not hold after the key in force before it (null for the first); null when it holds. */
function keyFault(record, before, origin) {
  const { signatures, ...unsigned } = record
  const text = attempt(() => `upkeep key record\n${canonical(unsigned)}`)
  const lines = Array.isArray(signatures) ? signatures : []
  const signedBy = (line) => lines.some((one) => one?.key === line && isSigned(text, fromBase64(one.signature), line))
  if (text === null || readKey(record.key)?.name !== origin || record.origin !== origin)
    return 'it is not of this ledger'
  if (record.replaces !== before) return 'it does not replace the key that was in force'
  if (!signedBy(record.key)) return 'the new key did not sign it'
  return before === null || signedBy(before) ? null : 'the key that was in force did not sign it'
}

/** The keys in the order in which they came into force, each a leaf of the same tree. */
function checkKeys({ keys, origin }, head, tell) {
  let [before, last] = [null, -1]
  for (const { index, record, path } of keys) {
    const isNext = index > last && (last !== -1 || index === 0)
    const fault = isNext ? keyFault(record, before, origin) : 'the keys are not in their order, from the first leaf on'
    if (fault !== null) tell('key-invalid', `key at leaf ${index}: ${fault}`)
    if (!leads({ type: 'key', record, index, path }, head))
      tell('key-invalid', `key at leaf ${index}: its path does not lead to the root`)
    ;[before, last] = [record.key, index]
  }
  return before
}

function earlierFault(note, { earlier, origin, keys }, head) {
  if (note.origin !== origin) return 'it is of another ledger'
  if (!keys.some(({ record }) => noteIsSignedBy(note, String(record.key))))
    return 'it is signed by no key of this ledger'
  if (note.size > head.size) return `it vouches for ${note.size} leaves, the head of this proof for ${head.size}`
  if (note.size === head.size) return note.root.equals(head.root) ? null : 'it has another root'
  if (note.size !== earlier?.size) return undefined
  const roots = rootsFrom(note.size, head.size, bytesOf(earlier.path), note.root)
  return roots?.[0].equals(note.root) && roots[1].equals(head.root) ? null : 'the newer head did not grow from it'
}

/** What is wrong with the record, with the keys and with the head: each told by its name. */
function checkProof(proof, head, keys, tell) {
  if (head.origin !== proof.origin) tell('checkpoint-invalid', 'it is of another ledger')
  if (proof.practice !== proof.origin.startsWith('upkeep-practice/')) tell('unreadable', 'the mark "practice" is wrong')
  if (proof.record.id !== proof.id) tell('record-changed', 'it has another id')
  if (!leads(proof, head)) tell('record-changed', `it is not what was sealed as leaf ${proof.index}`)
  const inForce = checkKeys(proof, head, tell)
  if (inForce === null || !noteIsSignedBy(head, String(inForce)))
    tell('checkpoint-invalid', 'it is not signed by the key that was in force')
  const known = proof.keys.map(({ record }) => record.key)
  if (!keys.every((key) => known.includes(key))) tell('key-invalid', 'a key kept elsewhere is none of this ledger')
}

function verifyProof(proof, notes, keys) {
  const problems = []
  const tell = (what, detail) => problems.push({ what, detail })
  const head = readCheckpoint(proof?.checkpoint)
  const shape = shapeFault(proof) ?? (head === null ? 'its checkpoint cannot be read' : null)
  if (shape !== null) return { valid: false, problems: [{ what: 'unreadable', detail: shape }], cannotTell: [] }
  checkProof(proof, head, keys, tell)
  const cannotTell = ['whether the record was true when it was sealed; times are those of the clock of the machine']
  if (keys.length === 0) cannotTell.push('whose key it is: no --key given')
  if (notes.length === 0) cannotTell.push('whether the ledger was rewritten with the real key: no --checkpoint given')
  for (const note of notes) {
    const fault = earlierFault(note, proof, head)
    if (fault === undefined)
      cannotTell.push(`whether it grew from the checkpoint at size ${note.size}: ${askFor(note)}`)
    else if (fault !== null) tell('earlier-differs', `the earlier checkpoint at size ${note.size}: ${fault}`)
  }
  return { valid: problems.length === 0, problems, cannotTell }
}

const askFor = ({ size }) => `ask for "upkeep proof <id> --since ${size}"`

/** Text from a proof, without anything that could steer a terminal. */
const plain = (text) => String(text).replace(/[^ -~]/gu, '?')

function fail(message) {
  console.error(`${plain(message)}\n${usage}`)
  process.exit(2)
}

function read(path) {
  const isSmall = attempt(() => statSync(path).isFile() && statSync(path).size <= maxBytes)
  return isSmall ? readFileSync(path, 'utf8') : fail(`${path}: not a file, or larger than ${maxBytes} bytes`)
}

function* inWords(proof, { valid, problems, cannotTell }) {
  yield valid ? 'valid' : `NOT VALID: ${problems.length} found`
  for (const { what, detail } of problems) yield `  ${what}: ${plain(detail)}`
  if (cannotTell.length === 0) return
  const { size } = readCheckpoint(proof.checkpoint)
  yield `${plain(proof.type)} ${plain(proof.id)}: leaf ${proof.index} of ${size}`
  yield `${proof.practice ? 'PRACTICE ' : ''}ledger ${plain(proof.origin)}`
  yield 'cannot be told:'
  for (const limit of cannotTell) yield `  ${plain(limit)}`
}

function readNotes(path) {
  const notes = splitNotes(read(path)).map(readCheckpoint)
  return notes.length === 0 || notes.includes(null) ? fail(`${path}: not a file of checkpoints`) : notes
}

const many = { type: 'string', multiple: true, default: [] }
const options = { checkpoint: many, key: many, json: { type: 'boolean' } }
const { values, positionals } = attempt(() => parseArgs({ options, allowPositionals: true })) ?? fail('unknown option')
if (positionals.length !== 1) fail('give one proof')
if (values.key.some((line) => readKey(line) === null)) fail('--key: not a public key')
const given = attempt(() => JSON.parse(read(positionals[0])))
// What "upkeep proof --json" prints holds the proof; where there is none, it says why.
const proof = isObject(given) && 'proof' in given ? given.proof : given
if (proof === null && typeof given?.why === 'string') fail(`no proof: ${given.why}`)
const result = verifyProof(proof, values.checkpoint.flatMap(readNotes), values.key)
console.log(values.json ? JSON.stringify(result) : [...inWords(proof ?? {}, result)].join('\n'))
process.exitCode = result.valid ? 0 : 1
