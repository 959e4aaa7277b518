#!/usr/bin/env node
// Verifies a maintenance contract (maintenance.json). One file, no dependency, Node 18 or later; it writes nothing and reaches no network.
// It shares no code with the product, on purpose: the formats are those of DSSE 1.0.2 (the envelope), in-toto Statement v1 (what it carries)
// and Ed25519, each written out again below. Exit: 0 valid, 1 not valid, 2 wrong usage.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'

const usage = `usage: upkeep-verify-contract.mjs <maintenance.json> --key <public key>... [--at <time>] [--serial <number>] [--json]
  --key     a key of the publisher (name+id+base64), from elsewhere than this file: without one nothing is shown
  --at      the moment at which it has to count, such as 2026-12-01T00:00:00.000Z; by default now
  --serial  the highest serial that was seen: an older edition is not valid`
const maxBytes = 4 * 1024 * 1024
const payloadType = 'application/vnd.in-toto+json'
const statementType = 'https://in-toto.io/Statement/v1'
const predicateType = 'urn:upkeep:maintenance-contract:v1'
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** What `make` gives; null when it throws, as on text that is not JSON. */
function attempt(make) {
  try {
    return make()
  } catch {
    return null
  }
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The bytes of base64 in its one spelling; null otherwise. */
function fromBase64(text) {
  const bytes = Buffer.from(String(text), 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

/** A key is name+id+base64(1, 32 bytes of Ed25519); its id begins the SHA-256 of name, line feed, and those 33 bytes. */
function readKey(line) {
  const [name, id, ...rest] = String(line).split('+')
  const bytes = fromBase64(rest.join('+'))
  if (!name || bytes?.length !== 33 || bytes[0] !== 1) return null
  const hash = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex')
  if (hash.slice(0, 8) !== id) return null
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') }
  return { name, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) }
}

/** What is signed (DSSE): the type and the body, each behind its length in bytes. */
const preAuthentication = (type, body) =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `), body])

/** The given key that signed it; null where none did. The id beside a signature is a hint and proves nothing: each is tried. */
function signer({ payloadType: type, signatures }, body, keys) {
  const signed = preAuthentication(String(type), body)
  const isBy = (line) =>
    signatures.some((one) => {
      const signature = fromBase64(one?.sig)
      return signature?.length === 64 && verifySignature(null, signed, readKey(line).publicKey, signature)
    })
  return keys.find(isBy) ?? null
}

/** What of the shape is wrong, on which all else rests; null when nothing is. */
function shapeFault(envelope, body) {
  if (!isObject(envelope) || !Array.isArray(envelope.signatures)) return 'it is no DSSE envelope'
  if (envelope.signatures.length > 16) return 'it has more signatures than are looked at'
  return body === null ? 'its payload is no base64' : null
}

function statementFault(statement) {
  if (!isObject(statement) || statement._type !== statementType) return 'it carries no in-toto Statement v1'
  if (statement.predicateType !== predicateType) return 'its predicate is no maintenance contract of version 1'
  const { subject, predicate } = statement
  if (!Array.isArray(subject) || subject.length !== 1 || typeof subject[0]?.uri !== 'string')
    return 'it names no server'
  if (!isObject(predicate) || !Number.isSafeInteger(predicate.serial)) return 'it has no serial'
  const times = [predicate.issuedAt, predicate.validUntil]
  return times.every((time) => instant.test(time)) ? null : 'it does not say from when until when it counts'
}

/** The checks: each tells what is wrong, and why. */
function verifyContract(envelope, { keys, at, serial }) {
  const problems = []
  const tell = (what, detail) => problems.push({ what, detail })
  const done = (statement, key) => ({ valid: problems.length === 0, problems, key, statement })
  const body = isObject(envelope) ? fromBase64(envelope.payload) : null
  const shape = shapeFault(envelope, body)
  if (shape !== null) tell('unreadable', shape)
  if (shape !== null) return done(null, null)
  if (envelope.payloadType !== payloadType) tell('unreadable', `its payload is not ${payloadType}`)
  const key = signer(envelope, body, keys)
  if (key === null) tell('signature-invalid', 'it was altered, or none of the given keys signed it')
  const statement = attempt(() => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)))
  const fault = statementFault(statement)
  if (fault !== null) tell('unreadable', fault)
  if (fault !== null) return done(null, key)
  const { issuedAt, validUntil, serial: own, stamps, publisher } = statement.predicate
  if (key !== null && publisher?.key !== key) tell('key-differs', 'it names another key than the one that signed it')
  if (validUntil <= at) tell('expired', `it ended at ${validUntil}`)
  if (Date.parse(issuedAt) > Date.parse(at) + 300_000) tell('not-yet', `it is from ${issuedAt}`)
  if (serial !== null && own < serial) tell('older-than-seen', `its serial is ${own}, and ${serial} was seen`)
  if (!Array.isArray(stamps) || stamps.length > 0) tell('not-real', `it is stamped: ${String(stamps)}`)
  return done(statement, key)
}

/** Text from a contract, without anything that could steer a terminal. */
const plain = (text) =>
  String(text)
    .slice(0, 500)
    .replace(/[^ -~]/gu, '?')

function fail(message) {
  console.error(`${plain(message)}\n${usage}`)
  process.exit(2)
}

function read(path) {
  const isSmall = attempt(() => statSync(path).isFile() && statSync(path).size <= maxBytes)
  return isSmall ? readFileSync(path, 'utf8') : fail(`${path}: not a file, or larger than ${maxBytes} bytes`)
}

/** What it says, for reading. Whether a server may be used follows from it: docs/maintenance-contract.md says how. */
function* inWords({ valid, problems, statement, key }) {
  yield valid ? 'valid' : `NOT VALID: ${problems.length} found`
  for (const { what, detail } of problems) yield `  ${what}: ${plain(detail)}`
  if (statement === null) return
  const { subject, predicate } = statement
  const list = (value) => (Array.isArray(value) ? value : [])
  const of = (verdict) => list(predicate.controls).filter((one) => one?.verdict === verdict).length
  yield `server   ${plain(subject[0].uri)}`
  yield `serial   ${predicate.serial}, ${plain(predicate.issuedAt)} to ${plain(predicate.validUntil)}`
  yield `use      ${plain(predicate.server?.use)}`
  yield `controls ${of('pass')} held, ${of('fail')} broken, ${of('unknown')} unknown`
  yield `end      ${plain(predicate.endOfLife ?? 'none is stated')}`
  for (const { from, until } of list(predicate.windows).flatMap((one) => list(one?.next).slice(0, 1)))
    yield `window   ${plain(from)} to ${plain(until)}`
  yield `key      ${key === null ? 'none of the given ones' : plain(key)}`
  yield 'cannot be told:'
  yield '  whether what it states is true; times are those of the clock of its publisher'
}

const options = {
  key: { type: 'string', multiple: true, default: [] },
  at: { type: 'string' },
  serial: { type: 'string' },
  json: { type: 'boolean' },
}
const { values, positionals } = attempt(() => parseArgs({ options, allowPositionals: true })) ?? fail('unknown option')
if (positionals.length !== 1) fail('give one maintenance.json')
if (values.key.length === 0) fail('--key: name the key that must have signed it')
if (values.key.some((line) => readKey(line) === null)) fail('--key: not a public key')
const at = values.at ?? new Date().toISOString()
if (!instant.test(at) || Number.isNaN(Date.parse(at))) fail('--at: not a moment such as 2026-12-01T00:00:00.000Z')
if (values.serial !== undefined && !/^\d{1,15}$/.test(values.serial)) fail('--serial: not a number')
const serial = values.serial === undefined ? null : Number(values.serial)
const result = verifyContract(
  attempt(() => JSON.parse(read(positionals[0]))),
  { keys: values.key, at, serial },
)
console.log(values.json ? JSON.stringify(result) : [...inWords(result)].join('\n'))
process.exitCode = result.valid ? 0 : 1
