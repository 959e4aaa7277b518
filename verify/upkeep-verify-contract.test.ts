import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drawContract } from '@upkeep/domain/maintenance/draw-contract'
import { madeContract, madeGrounds, madePublisher, signedContract } from '@upkeep/engine/evidence/testing/made-contract'
import { afterAll, expect, test } from 'vitest'
import { cleanUp, file, folder } from './testing/run-verifier.ts'

afterAll(cleanUp)
const verifier = fileURLToPath(new URL('upkeep-verify-contract.mjs', import.meta.url))
const [acme, other] = [madePublisher(1), madePublisher(2)]
const contract = madeContract(acme)
const at = ['--at', '2026-11-28T00:00:00.000Z']

function verified(text: string, words: readonly string[] = ['--key', acme.line, ...at]) {
  const { status, stdout } = spawnSync(process.execPath, [verifier, file(text), ...words, '--json'], {
    encoding: 'utf8',
  })
  const { valid, problems, key } = JSON.parse(stdout)
  return { status, valid, key, problems: problems.map(({ what }: { what: string }) => what) }
}

test('what the product writes is valid, by the key that signed it', () => {
  expect(verified(contract)).toEqual({ status: 0, valid: true, key: acme.line, problems: [] })
  expect(verified(contract, ['--key', other.line, '--key', acme.line, ...at])).toMatchObject({ status: 0, valid: true })
})

test('an altered byte is found, wherever in the payload it is', () => {
  const envelope = JSON.parse(contract)
  const body = Buffer.from(envelope.payload, 'base64')
  for (let index = 0; index < body.length; index += Math.ceil(body.length / 12)) {
    const altered = Buffer.from(body)
    altered.writeUInt8(altered.readUInt8(index) ^ 1 || 1, index)
    const { status, problems } = verified(JSON.stringify({ ...envelope, payload: altered.toString('base64') }))
    expect([status, problems.includes('signature-invalid')]).toEqual([1, true])
  }
})

test('an altered type is found, and so is a second spelling of the payload', () => {
  const envelope = JSON.parse(contract)
  expect(verified(JSON.stringify({ ...envelope, payloadType: 'text/plain' })).problems).toEqual([
    'unreadable',
    'signature-invalid',
  ])
  expect(verified(JSON.stringify({ ...envelope, payload: `${envelope.payload}\n` })).problems).toEqual(['unreadable'])
})

test('another key is not valid, under its own name or under that of the expected one', () => {
  expect(verified(madeContract(other)).problems).toEqual(['signature-invalid'])
  const statement = drawContract(madeGrounds(acme))
  expect(verified(signedContract({ ...other, id: acme.id }, statement)).problems).toEqual(['signature-invalid'])
  expect(verified(signedContract(other, statement), ['--key', other.line, ...at]).problems).toEqual(['key-differs'])
})

test.each([
  ['the last moment', '2026-12-04T08:59:59.999Z', []],
  ['its end', '2026-12-04T09:00:00.000Z', ['expired']],
  ['before it was made', '2026-11-27T08:54:00.000Z', ['not-yet']],
])('it counts for its time: %s', (_name, moment, problems) => {
  expect(verified(contract, ['--key', acme.line, '--at', moment]).problems).toEqual(problems)
})

test('without --at it has to count now', () => {
  const now = new Date().toISOString()
  expect(verified(madeContract(acme, { now }), ['--key', acme.line]).problems).toEqual([])
  expect(verified(madeContract(acme, { now: '2020-01-01T00:00:00.000Z' }), ['--key', acme.line]).problems).toEqual([
    'expired',
  ])
})

test('an older edition than one that was seen is not valid', () => {
  const serial = Date.parse('2026-11-27T09:00:00.000Z')
  const words = (number: number) => ['--key', acme.line, ...at, '--serial', String(number)]
  expect(verified(contract, words(serial)).problems).toEqual([])
  expect(verified(contract, words(serial + 1)).problems).toEqual(['older-than-seen'])
})

test('one of a practice fleet is not valid', () => {
  expect(verified(madeContract(acme, { stamps: ['practice'] })).problems).toEqual(['not-real'])
})

const none = [
  '',
  'x',
  '[]',
  'null',
  '{}',
  '{"payload":"","signatures":[]}',
  '{"payload":"e30=","signatures":[null]}',
  '['.repeat(100_000),
]
test.each(none.map((text) => [text.slice(0, 40), text]))('%j is no contract: exit 1', (_name, text) => {
  expect(verified(text)).toMatchObject({ status: 1, valid: false, problems: expect.arrayContaining(['unreadable']) })
})

test.each<[string, string[]]>([
  ['no file', ['--key', acme.line]],
  ['no key', [join(folder, 'x')]],
  ['a key that is none', [verifier, '--key', 'x']],
  ['a moment that is none', [verifier, '--key', acme.line, '--at', 'now']],
  ['a serial that is none', [verifier, '--key', acme.line, '--serial', 'x']],
  ['an unknown option', [verifier, '--force']],
  ['a file that is not there', [join(folder, 'nowhere'), '--key', acme.line]],
])('%s: exit 2', (_name, words) => {
  const { status, stderr } = spawnSync(process.execPath, [verifier, ...words], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('usage:')
})

test('hostile text steers no terminal', () => {
  const drawn = drawContract(madeGrounds(acme))
  const hostile = '\x1b[2J\u202egnp'
  const predicate = { ...drawn.predicate, endOfLife: hostile, server: { name: hostile, use: hostile, reasons: [] } }
  const text = signedContract(acme, { ...drawn, subject: [{ uri: hostile }], predicate })
  const { stdout, status } = spawnSync(process.execPath, [verifier, file(text), '--key', acme.line, ...at], {
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  expect(stdout).not.toMatch(/\x1b|\u202e/)
})

test('is one file that a person can read: under 300 lines, nothing but Node', () => {
  const source = readFileSync(verifier, 'utf8')
  expect(source.trimEnd().split('\n').length).toBeLessThan(300)
  const imported = [...source.matchAll(/(?:from|import\(|require\()\s*'([^']+)'/g)].map(([, name]) => name)
  expect(imported).toEqual(['node:crypto', 'node:fs', 'node:util'])
})
