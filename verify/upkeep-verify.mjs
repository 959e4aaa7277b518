#!/usr/bin/env node
// Verifies an evidence pack of upkeep. One file, no dependency, Node 18 or later; it writes nothing and reaches no network.
// It shares no code with the product, on purpose: the formats are those of RFC 8785 (canonical JSON), RFC 9162 (Merkle tree)
// and C2SP signed-note and tlog-checkpoint, each written out again below. Exit: 0 valid, 1 not valid, 2 wrong usage.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'

const usage = `usage: upkeep-verify.mjs <pack.json> [--checkpoint <earlier.note>]... [--key <public key>]... [--json]
  --checkpoint  a file of checkpoints exported earlier: shows what was removed or rewritten since
  --key         a public key of the ledger kept elsewhere (name+id+base64): shows whose ledger it is`
const maxBytes = 400 * 1024 * 1024
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

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const hexOf = (...parts) => sha256(...parts).toString('hex')
// Merkle tree (RFC 9162, 2.1): a leaf is hashed after a zero byte, a node after a one byte.
const leafOf = (type, record) => attempt(() => hexOf(Buffer.of(0), canonical({ type, record })))
const nodeOf = (left, right) => sha256(Buffer.of(1), left, right)

/** What `make` gives; null when it throws, as on text that is not JSON and on JSON that has no canonical form. */
function attempt(make) {
  try {
    return make()
  } catch {
    return null
  }
}

/** The roots at the given sizes. What is kept are the perfect subtrees from the left: equal neighbours join, like digits that carry. */
function rootsAt(leaves, sizes) {
  const found = new Map()
  const kept = []
  const join = () => kept.reduceRight((right, { hash }) => (right ? nodeOf(hash, right) : hash), null) ?? sha256('')
  for (let size = 0; size <= leaves.length; size += 1) {
    if (sizes.has(size)) found.set(size, join())
    let tree = { hash: Buffer.from(leaves[size] ?? '', 'hex'), of: 1 }
    while (kept.at(-1)?.of === tree.of) tree = { hash: nodeOf(kept.pop().hash, tree.hash), of: tree.of * 2 }
    kept.push(tree)
  }
  return found
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
  const lines = source.slice(split + 2, -1).split('\n')
  const signatures = lines.map(readSignature)
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
  if (!name || bytes?.length !== 33 || bytes[0] !== 1 || hexOf(`${name}\n`, bytes).slice(0, 8) !== id) return null
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

// The checks. Each tells what it finds: what is wrong, why, at which leaf.
const isHash = (text) => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text)
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isEntry = (one) => Number.isSafeInteger(one?.index) && typeof one.type === 'string' && isObject(one.record)

/** What of the shape, on which all else rests, is wrong; null when nothing is. */
function shapeFault(pack) {
  if (pack?.format !== 'upkeep-evidence-pack/1') return 'it is not an evidence pack of format 1'
  if (typeof pack.origin !== 'string') return '"origin" is not a text'
  const lists = [pack.keys, pack.checkpoints, pack.leaves, pack.records]
  if (!lists.every((list) => Array.isArray(list))) return 'a list is missing'
  if (!pack.leaves.every(isHash)) return 'a leaf is not a SHA-256 in lower-case hex'
  if (!pack.records.every(isEntry)) return 'a record has not the members index, type, id, record'
  return isObject(pack.objects) && isObject(pack.scope) ? null : '"objects" or "scope" is missing'
}

/** Every record against its leaf. Returns the records that are as they were sealed, by index. */
function checkRecords(pack, tell) {
  const homes = new Map(pack.leaves.map((leaf, index) => [leaf, index]))
  const sound = new Map()
  const given = new Set()
  let last = -1
  for (const { index, type, id, record } of pack.records) {
    const at = { index, type, record, name: `${type} ${id}` }
    const found = leafOf(type, record)
    if (index <= last) tell('record-moved', `it stands behind the record of leaf ${last}`, at)
    if (!(index in pack.leaves)) tell('record-unsealed', 'the ledger has no leaf of this index', at)
    else if (found === pack.leaves[index] && record.id === id) sound.set(index, at)
    else if (!homes.has(found)) tell('record-changed', 'it is not what was sealed', at)
    else tell('record-moved', `it is what was sealed at leaf ${homes.get(found)}`, at)
    given.add(index)
    last = Math.max(last, index)
  }
  const missing = [...pack.leaves.keys()].filter((index) => !given.has(index))
  const isWhole = pack.scope.since === null && pack.scope.duty === null
  if (isWhole) for (const index of missing) tell('record-missing', 'no record of it is in the pack', { index })
  return [...sound.values()]
}

/** Why a key record does not hold after the key in force before it (null for the first); null when it holds. */
function keyFault(record, before, origin) {
  const { signatures, ...unsigned } = record
  const text = `upkeep key record\n${canonical(unsigned)}`
  const lines = Array.isArray(signatures) ? signatures : []
  const signedBy = (line) => lines.some((one) => one?.key === line && isSigned(text, fromBase64(one.signature), line))
  if (readKey(record.key)?.name !== origin || record.origin !== origin) return 'it is not of this ledger'
  if (record.replaces !== before) return 'it does not replace the key that was in force'
  if (!signedBy(record.key)) return 'the new key did not sign it'
  return before === null || signedBy(before) ? null : 'the key that was in force did not sign it'
}

/** The keys in the order in which they came into force: the first signed by itself, each other also by the one before. */
function checkKeys(pack, sound, tell) {
  const chain = []
  for (const { index, record, name } of sound.filter(({ type }) => type === 'key')) {
    const fault = keyFault(record, chain.at(-1)?.line ?? null, pack.origin)
    if (fault === null) chain.push({ index, line: record.key })
    else tell('key-invalid', fault, { index, name })
  }
  if (chain[0]?.index !== 0) tell('key-invalid', 'the ledger does not begin with its own key', { index: 0 })
  if (String(pack.keys) !== String(chain.map(({ line }) => line)))
    tell('key-invalid', 'the list of keys is not that of the records')
  return chain
}

function checkpointFault(note, before, pack, chain) {
  const key = chain.filter(({ index }) => index < note.size).at(-1)
  if (note.origin !== pack.origin) return 'it is of another ledger'
  if (note.size < before) return 'it is smaller than the one before it'
  return key && noteIsSignedBy(note, key.line) ? null : 'it is not signed by the key that was in force'
}

/** Every checkpoint: by the key in force, and the leaves give its root, which makes all of them consistent with one another. */
function checkCheckpoints(pack, notes, chain, roots, tell) {
  const size = pack.leaves.length
  let before = 0
  for (const note of notes) {
    const fault = checkpointFault(note, before, pack, chain)
    if (fault !== null) tell('checkpoint-invalid', `the checkpoint at size ${note.size}: ${fault}`)
    if (note.size > size) tell('tail-removed', `it vouches for ${note.size} leaves, ${size} are here`, { index: size })
    before = Math.max(before, note.size)
  }
  if (before < size) tell('tail-unsigned', `leaves ${before} to ${size - 1} are under no checkpoint`, { index: before })
  // Only the first: whatever is wrong below it makes every later root differ too.
  const bad = notes.findIndex((note) => note.size <= size && !roots.get(note.size).equals(note.root))
  const good = notes[bad - 1]?.size ?? 0
  if (bad !== -1) tell('root-differs', `${differs(good, notes[bad].size)} since`, { index: good })
}

const differs = (from, to) => `among leaves ${from} to ${to - 1} one was changed, removed, added or re-ordered`

/** Why a checkpoint kept elsewhere speaks against the pack: what a ledger rewritten with its own key cannot escape. */
function earlierFault(note, pack, chain, roots) {
  const size = pack.leaves.length
  if (note.origin !== pack.origin) return 'it is of another ledger'
  if (!chain.some(({ line }) => noteIsSignedBy(note, line))) return 'it is signed by no key of this ledger'
  if (note.size > size) return `it vouches for leaves ${size} to ${note.size - 1}: they were removed`
  return roots.get(note.size).equals(note.root) ? null : `it has another root: ${differs(0, note.size)} since`
}

/** The digests that a record names, and those named by a list of observations that it names. */
function digestsIn({ type, record }, objects) {
  const list = (value) => (Array.isArray(value) ? value : [])
  if (type === 'baseline') return list(record.servers).map((server) => server?.approved)
  if (type !== 'run') return []
  const manifest = attempt(() => JSON.parse(objects[record.observations]))
  return [record.observations, record.verdicts, ...list(manifest).map((line) => line?.observation)]
}

/** Every object hashes to its name, every one that a record names is here, and none that no record names. */
function checkObjects({ objects, records }, tell) {
  const by = new Map()
  for (const one of [...records].reverse())
    for (const digest of digestsIn(one, objects)) by.set(digest, { index: one.index, name: `${one.type} ${one.id}` })
  for (const [digest, text] of Object.entries(objects)) {
    if (hexOf(String(text)) !== digest) tell('object-changed', `object ${digest}`, by.get(digest))
    else if (!by.has(digest)) tell('object-unsealed', `no record names object ${digest}`)
  }
  const missing = [...by.keys()].filter((digest) => isHash(digest) && !Object.hasOwn(objects, digest))
  for (const digest of missing) tell('object-missing', `object ${digest}`, by.get(digest))
}

/** What nobody could see from what was given. */
function limitsOf(pack, earlier, keys) {
  const leaves = pack.leaves.length
  const newest = Math.max(0, ...earlier.map(({ size }) => size))
  const left = leaves - pack.records.length
  const limits = ['whether a record was true when it was sealed; times are those of the clock of the machine']
  if (left > 0) limits.push(`what ${left} of ${leaves} records say: they are left out, and known by hash alone`)
  if (keys.length === 0) limits.push('whose key it is: no --key given')
  if (newest === 0)
    limits.push('whether the tail was removed, or all rewritten with the real key: no --checkpoint given')
  else limits.push(`whether anything sealed after the first ${newest} leaves was removed or rewritten later`)
  return limits
}

function verifyPack(pack, earlier, keys) {
  const problems = []
  const tell = (what, detail, at) => problems.push({ what, index: at?.index ?? null, record: at?.name ?? null, detail })
  const shape = shapeFault(pack)
  if (shape !== null) tell('unreadable', shape)
  if (shape !== null) return { valid: false, problems, cannotTell: [] }
  const sound = checkRecords(pack, tell)
  const chain = checkKeys(pack, sound, tell)
  const notes = pack.checkpoints.map(readCheckpoint)
  if (notes.includes(null)) tell('checkpoint-invalid', 'a checkpoint cannot be read')
  const readable = notes.filter((note) => note !== null)
  const roots = rootsAt(pack.leaves, new Set([...readable, ...earlier].map(({ size }) => size)))
  checkCheckpoints(pack, readable, chain, roots, tell)
  for (const note of earlier) {
    const fault = earlierFault(note, pack, chain, roots)
    if (fault !== null) tell('earlier-differs', `the earlier checkpoint at size ${note.size}: ${fault}`)
  }
  checkObjects(pack, tell)
  const known = chain.map(({ line }) => line)
  if (!keys.every((key) => known.includes(key))) tell('key-invalid', 'a key kept elsewhere is none of this ledger')
  if (pack.practice !== pack.origin.startsWith('upkeep-practice/')) tell('unreadable', 'the mark "practice" is wrong')
  return { valid: problems.length === 0, problems, cannotTell: limitsOf(pack, earlier, keys) }
}

/** Text from a pack, without anything that could steer a terminal. */
const plain = (text) => String(text).replace(/[^ -~]/gu, '?')

function fail(message) {
  console.error(`${plain(message)}\n${usage}`)
  process.exit(2)
}

function read(path) {
  const isSmall = attempt(() => statSync(path).isFile() && statSync(path).size <= maxBytes)
  return isSmall ? readFileSync(path, 'utf8') : fail(`${path}: not a file, or larger than ${maxBytes} bytes`)
}

function* inWords({ origin, exportedAt, practice, leaves, records, checkpoints }, { valid, problems, cannotTell }) {
  yield valid ? 'valid' : `NOT VALID: ${problems.length} found`
  for (const { what, index, record, detail } of problems)
    yield `  ${what}${index === null ? '' : ` leaf ${index}`}${record === null ? '' : ` ${plain(record)}`}: ${plain(detail)}`
  if (cannotTell.length === 0) return
  yield `${practice ? 'PRACTICE ' : ''}ledger ${plain(origin)}, exported ${plain(exportedAt)}`
  yield `${records.length} of ${leaves.length} records, ${checkpoints.length} checkpoints`
  yield 'cannot be told:'
  for (const limit of cannotTell) yield `  ${limit}`
}

function readNotes(path) {
  const notes = splitNotes(read(path)).map(readCheckpoint)
  return notes.length === 0 || notes.includes(null) ? fail(`${path}: not a file of checkpoints`) : notes
}

const many = { type: 'string', multiple: true, default: [] }
const options = { checkpoint: many, key: many, json: { type: 'boolean' } }
const { values, positionals } = attempt(() => parseArgs({ options, allowPositionals: true })) ?? fail('unknown option')
if (positionals.length !== 1) fail('give one pack')
if (values.key.some((line) => readKey(line) === null)) fail('--key: not a public key')
const pack = attempt(() => JSON.parse(read(positionals[0])))
const result = verifyPack(pack, values.checkpoint.flatMap(readNotes), values.key)
console.log(values.json ? JSON.stringify(result) : [...inWords(pack ?? {}, result)].join('\n'))
process.exitCode = result.valid ? 0 : 1
