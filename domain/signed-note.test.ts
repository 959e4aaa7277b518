import { createPublicKey, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBase64 } from './base64.ts'
import { formatCheckpoint, parseCheckpoint, parseCheckpointNote, splitNotes } from './checkpoint.ts'
import { formatNote, formatVerifierKey, parseNote, parseVerifierKey, verifierKey } from './signed-note.ts'

// The example that golang.org/x/mod/sumdb/note publishes: a foreign writer's key and note.
const foreignKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const foreignText =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const foreignNote = `${foreignText}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`

const root = Uint8Array.from({ length: 32 }, (_, index) => index)
const origin = 'upkeep/1234abcd'
const signature = { name: origin, keyId: '0a0b0c0d', signature: new Uint8Array(64).fill(7) }
const note = formatNote({ text: formatCheckpoint({ origin, size: 42, root }), signatures: [signature] })

describe('notes', () => {
  test('a foreign note and its key are read, and the signature holds', () => {
    const key = parseVerifierKey(foreignKey)
    const read = parseNote(foreignNote)
    const [line] = read?.signatures ?? []
    expect(read?.text).toBe(foreignText)
    expect(line).toMatchObject({ name: 'PeterNeumann', keyId: key?.keyId })
    const x = Buffer.from(key?.publicKey ?? []).toString('base64url')
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const bytes = line?.signature ?? new Uint8Array()
    expect(verify(null, Buffer.from(foreignText), publicKey, bytes)).toBe(true)
    expect(verify(null, Buffer.from(`${foreignText} `), publicKey, bytes)).toBe(false)
  })

  test('are written as they were read', () => {
    const read = parseNote(foreignNote)
    expect(read && formatNote(read)).toBe(foreignNote)
    const key = parseVerifierKey(foreignKey)
    expect(key && formatVerifierKey(key)).toBe(foreignKey)
  })

  test.each([
    ['no signature', `${foreignText}\n`],
    ['no text', '\n— a x08go/ZJkuBS9UG/\n'],
    ['no empty line', foreignNote.replace('\n\n', '\n')],
    ['no end', foreignNote.slice(0, -1)],
    ['a carriage return', foreignNote.replace('problem,\n', 'problem,\r\n')],
    ['an escape', `\x1b[2J${foreignNote}`],
    ['half a character', `\ud800${foreignNote}`],
    ['another dash', foreignNote.replace('—', '-')],
    ['a second space', foreignNote.replace('— ', '—  ')],
    ['a broken signature', foreignNote.replace('x08go', 'x08g!')],
    ['a signature too short', `${foreignText}\n— a AAAA\n`],
    ['too long', `${'x'.repeat(200_000)}${foreignNote}`],
    ['too many signatures', `${foreignText}\n${'— a x08go/ZJkuBS9UG/\n'.repeat(17)}`],
  ])('%s: not a note', (_name, source) => {
    expect(parseNote(source)).toBeNull()
  })

  test.each([
    ['another id', foreignKey.replace('c74f20a3', 'c74f20a4')],
    ['another type', foreignKey.replace('+AR', '+AB')],
    ['another name', foreignKey.replace('Peter', 'Petra')],
    ['no key', 'PeterNeumann+c74f20a3+'],
    ['white space', foreignKey.replace('Peter', 'Peter ')],
  ])('%s: not a key', (_name, line) => {
    expect(parseVerifierKey(line)).toBeNull()
  })

  test('a key keeps its line', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const key = verifierKey(origin, bytes)
        expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key)
      }),
    )
    expect(() => verifierKey('a b', root)).toThrow(RangeError)
  })
})

describe('checkpoints', () => {
  test('keep what they state', () => {
    const size = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(size, fc.uint8Array({ minLength: 32, maxLength: 32 }), (leaves, hash) => {
        const checkpoint = { origin, size: leaves, root: hash }
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint)
      }),
    )
  })

  test('extension lines are allowed', () => {
    expect(parseCheckpoint(`${formatCheckpoint({ origin, size: 1, root })}more\n`)).toEqual({ origin, size: 1, root })
  })

  test.each([
    ['a size with a leading zero', `o\n01\n${toBase64(root)}\n`],
    ['a negative size', `o\n-1\n${toBase64(root)}\n`],
    ['a size beyond whole numbers', `o\n9999999999999999\n${toBase64(root)}\n`],
    ['no origin', `\n1\n${toBase64(root)}\n`],
    ['a short root', `o\n1\n${toBase64(root.subarray(1))}\n`],
    ['an empty line', `o\n1\n${toBase64(root)}\n\nx\n`],
    ['no last line feed', `o\n1\n${toBase64(root)}`],
  ])('%s: not a checkpoint', (_name, text) => {
    expect(parseCheckpoint(text)).toBeNull()
  })

  test('notes appended to one file come apart again', () => {
    const later = formatNote({ text: formatCheckpoint({ origin, size: 43, root }), signatures: [signature, signature] })
    expect(splitNotes(`${note}${later}${note}`)).toEqual([note, later, note])
    expect(splitNotes('')).toEqual([])
    expect(splitNotes(`${note}anything else\n`)).toBeNull()
    expect(splitNotes(`# mine\n${note}`)).toBeNull()
    expect(splitNotes(note.slice(0, -1))).toBeNull()
    expect(parseCheckpointNote(foreignNote)).toBeNull()
  })
})
