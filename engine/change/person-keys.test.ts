import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Approval, PersonKey } from '@upkeep/contract'
import { approvalStatement, enrolmentStatement } from '@upkeep/domain/changes/signed-statements'
import { afterAll, describe, expect, test } from 'vitest'
import { asField } from '../kernel/ssh-key.ts'
import { checkSignature } from '../kernel/ssh-signature.ts'
import { keysInForce, provesPresence } from './person-keys.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-person-keys-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined
const at = '2026-11-27T09:00:00.000Z'

function keygen(args: readonly string[], input = ''): string {
  const done = spawnSync('ssh-keygen', args, { encoding: 'utf8', input })
  if (done.status !== 0) throw new Error(done.stderr)
  return done.stdout
}

function madeKey(name: string): { file: string; line: string } {
  const file = join(root, name)
  keygen(['-q', '-N', '', '-t', 'ed25519', '-C', 'a comment', '-f', file])
  return { file, line: readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ') }
}

function signed(key: { file: string }, text: string, namespace = 'upkeep'): string {
  return keygen(['-Y', 'sign', '-n', namespace, '-f', key.file], text)
}

type Key = ReturnType<typeof madeKey>

function enrolled(
  id: string,
  key: Key,
  before: { record: PersonKey; key: Key } | null,
  over: Partial<PersonKey> = {},
): PersonKey {
  const words = { person: 'ada', key: key.line, at, replaces: before?.record.id ?? null }
  const statement = enrolmentStatement(words)
  const vouched = before === null ? null : signed(before.key, statement)
  const signer = { person: 'ada', presence: 'ssh-key' as const, signature: null }
  return { ...words, id, proof: signed(key, statement), vouched, signer, ...over }
}

const said = {
  digest: 'a'.repeat(64),
  decision: 'approved' as const,
  role: 'approver',
  until: '2026-12-04T09:00:00.000Z',
}

function approval(key: Key, over: Partial<Approval> = {}, namespace?: string): Approval {
  const signature = signed(key, approvalStatement({ ...said, change: 'c1', person: 'ada' }), namespace)
  return { ...said, reason: null, signer: { person: 'ada', presence: 'ssh-key', signature }, ...over }
}

describe.skipIf(!hasKeygen)('keys that the real ssh-keygen makes', () => {
  const [one, two, foreign] = [madeKey('one'), madeKey('two'), madeKey('foreign')]
  const first = enrolled('k1', one, null)

  test('a later key counts once the one before signed it, and not otherwise', () => {
    const second = enrolled('k2', two, { record: first, key: one })
    expect(
      keysInForce([first, second])
        .get('ada')
        ?.map(({ id }) => id),
    ).toEqual(['k2'])
    for (const record of [
      enrolled('k2', foreign, { record: first, key: foreign }),
      enrolled('k2', foreign, null),
      { ...second, vouched: null },
      { ...second, key: foreign.line },
      { ...second, replaces: 'k0' },
      { ...second, at: '2026-11-27T10:00:00.000Z' },
    ])
      expect(
        keysInForce([first, record])
          .get('ada')
          ?.map(({ id }) => id),
      ).toEqual(['k1'])
  })

  test('an approval shows presence for the very change, plan, person and end that were signed', () => {
    const keys = keysInForce([first])
    const good = approval(one)
    expect(provesPresence('c1', good, keys)).toBe(true)
    expect(provesPresence('c2', good, keys)).toBe(false)
    for (const over of [
      { digest: 'b'.repeat(64) },
      { until: '2027-12-04T09:00:00.000Z' },
      { role: 'admin' },
      { decision: 'refused' as const },
      { signer: { ...good.signer, person: 'eve' } },
      { signer: { ...good.signer, presence: 'not-proven' as const } },
      { signer: { ...good.signer, signature: null } },
      // No security key made it.
      { signer: { ...good.signer, presence: 'security-key' as const } },
    ])
      expect(provesPresence('c1', { ...good, ...over }, keys)).toBe(false)
    expect(provesPresence('c1', approval(foreign), keys)).toBe(false)
    expect(provesPresence('c1', approval(one, {}, 'file'), keys)).toBe(false)
  })

  test('the standard tool checks an approval without us', () => {
    const good = approval(one)
    const files = ['allowed', 'signature'].map((name) => join(root, name))
    const [allowed = '', signature = ''] = files
    writeFileSync(allowed, `ada ${one.line}\n`)
    writeFileSync(signature, good.signer.signature ?? '')
    const statement = approvalStatement({ ...said, change: 'c1', person: 'ada' })
    const verify = (text: string) =>
      spawnSync('ssh-keygen', ['-Y', 'verify', '-f', allowed, '-I', 'ada', '-n', 'upkeep', '-s', signature], {
        input: text,
      }).status
    expect(verify(statement)).toBe(0)
    expect(verify(statement.replace('approved', 'refused'))).not.toBe(0)
  })
})

describe('a key in a security key', () => {
  const type = 'sk-ssh-ed25519@openssh.com'
  const application = 'ssh:'
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const blob = Buffer.concat([Buffer.from(type), raw, Buffer.from(application)].map(asField))
  const line = `${type} ${blob.toString('base64')}`
  const text = 'what was decided\n'

  /** As the hardware signs, by PROTOCOL.u2f and PROTOCOL.sshsig. */
  function signature(flags: number): string {
    const hash = (bytes: Buffer, by: string) => createHash(by).update(bytes).digest()
    const parts = ['upkeep', '', 'sha512'].map((part) => Buffer.from(part))
    const signed = Buffer.concat([Buffer.from('SSHSIG'), ...[...parts, hash(Buffer.from(text), 'sha512')].map(asField)])
    const rest = Buffer.from([flags, 0, 0, 0, 7])
    const message = Buffer.concat([hash(Buffer.from(application), 'sha256'), rest, hash(signed, 'sha256')])
    const inner = Buffer.concat([asField(Buffer.from(type)), asField(signBytes(null, message, privateKey)), rest])
    const version = Buffer.from([0, 0, 0, 1])
    const body = Buffer.concat([Buffer.from('SSHSIG'), version, ...[blob, ...parts, inner].map(asField)]).toString(
      'base64',
    )
    return `-----BEGIN SSH SIGNATURE-----\n${body.replace(/(.{70})/g, '$1\n')}\n-----END SSH SIGNATURE-----\n`
  }

  test('says whether it was touched, over this text and no other', () => {
    expect(checkSignature(line, signature(1), Buffer.from(text), 'upkeep')).toEqual({ state: 'good', touched: true })
    expect(checkSignature(line, signature(0), Buffer.from(text), 'upkeep')).toEqual({ state: 'good', touched: false })
    expect(checkSignature(line, signature(1), Buffer.from('other'), 'upkeep')).toMatchObject({ state: 'bad' })
    expect(checkSignature(line, signature(1), Buffer.from(text), 'file')).toMatchObject({ state: 'bad' })
  })

  test.skipIf(!hasKeygen)('the real ssh-keygen takes what this test makes for one', () => {
    const files = ['sk-allowed', 'sk-signature'].map((name) => join(root, name))
    const [allowed = '', file = ''] = files
    writeFileSync(allowed, `ada ${line}\n`)
    writeFileSync(file, signature(1))
    const done = spawnSync('ssh-keygen', ['-Y', 'verify', '-f', allowed, '-I', 'ada', '-n', 'upkeep', '-s', file], {
      input: text,
    })
    expect(done.status).toBe(0)
  })
})
