import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fingerprintOf, readSshKey } from '../kernel/ssh-key.ts'
import { whyNotSignedBy } from '../kernel/ssh-signature.ts'
import { createHttpPort } from '../ports/http.ts'
import { feedsInPlace } from './open-intel.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-signed-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined

function keygen(...args: string[]): string {
  const done = spawnSync('ssh-keygen', args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
  return done.stdout
}

/** A key that the real ssh-keygen made: where its private half lies, and the line of its `.pub` file. */
function madeKey(name: string, ...kind: string[]): { file: string; line: string } {
  const file = join(root, name)
  keygen('-q', '-N', '', '-C', `${name} of a test`, '-f', file, ...kind)
  return { file, line: readFileSync(`${file}.pub`, 'utf8').trim() }
}

function sign(file: string, key: { file: string }, namespace = 'file', ...more: string[]): string {
  rmSync(`${file}.sig`, { force: true })
  keygen('-q', '-Y', 'sign', '-n', namespace, '-f', key.file, ...more, file)
  return readFileSync(`${file}.sig`, 'utf8')
}

function record(id: string): string {
  const affected = [
    { package: { ecosystem: 'npm', name: 'express' }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] },
  ]
  return JSON.stringify({ id, modified: '2026-01-02T03:04:05Z', affected })
}

describe.skipIf(!hasKeygen)('signatures that the real ssh-keygen makes', () => {
  const message = join(root, 'message')
  writeFileSync(message, 'what was signed\n')
  const bytes = readFileSync(message)

  test.each([
    ['ed25519', ['-t', 'ed25519']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['ecdsa-256', ['-t', 'ecdsa', '-b', '256']],
    ['ecdsa-384', ['-t', 'ecdsa', '-b', '384']],
    ['ecdsa-521', ['-t', 'ecdsa', '-b', '521']],
  ])('%s: over these bytes, and over no others', (name, kind) => {
    const key = madeKey(name, ...kind)
    for (const more of [[], ['-O', 'hashalg=sha256']]) {
      const armoured = sign(message, key, 'file', ...more)
      expect(whyNotSignedBy(key.line, armoured, bytes)).toBeNull()
      expect(whyNotSignedBy(key.line, armoured, Buffer.concat([bytes, bytes]))).toBe('its signature is wrong')
    }
    const read = readSshKey(key.line)
    expect(read && fingerprintOf(read.blob)).toBe(keygen('-l', '-f', `${key.file}.pub`).split(' ')[1])
  })

  test('another key, another purpose, and what is no signature, each for its own reason', () => {
    const [ours, theirs] = [madeKey('ours', '-t', 'ed25519'), madeKey('theirs', '-t', 'ed25519')]
    const print = keygen('-l', '-f', `${theirs.file}.pub`).split(' ')[1]
    const reason = `it is signed by ${print}, not by the key named`
    expect(whyNotSignedBy(ours.line, sign(message, theirs), bytes)).toBe(reason)
    expect(whyNotSignedBy(ours.line, sign(message, ours, 'git'), bytes)).toBe('its signature was not made for file')
    const good = sign(message, ours)
    const texts = ['', 'x', good.slice(0, 80), good.replace('SSH SIGNATURE', 'PGP SIGNATURE'), `${good}${good}`]
    for (const text of texts) expect(whyNotSignedBy(ours.line, text, bytes)).toMatch(/is not one that ssh-keygen/)
    const small = madeKey('small', '-t', 'rsa', '-b', '1024')
    expect(whyNotSignedBy(small.line, sign(message, small), bytes)).toMatch(/none that can be used/)
  })

  test('no byte of a signature can be changed', () => {
    const key = madeKey('bytes', '-t', 'ed25519')
    const armoured = sign(message, key)
    const body = Buffer.from(armoured.split('\n').slice(1, -2).join(''), 'base64')
    for (let at = 0; at < body.length; at += 1) {
      const changed = Buffer.from(body)
      changed[at] = (changed[at] ?? 0) ^ 1
      const text = `-----BEGIN SSH SIGNATURE-----\n${changed.toString('base64')}\n-----END SSH SIGNATURE-----\n`
      expect(whyNotSignedBy(key.line, text, bytes), `byte ${at}`).not.toBeNull()
    }
  })
})

describe.skipIf(!hasKeygen)('feeds that somebody signed', () => {
  const key = hasKeygen ? madeKey('publisher', '-t', 'ed25519') : { file: '', line: '' }

  function place(name: string) {
    const stateDir = mkdtempSync(join(root, 'state-'))
    const path = join(root, name)
    const look = async (named?: string) => {
      const world = { stateDir, http: createHttpPort() }
      const call = { feeds: [{ path, key: named }], at: '2026-11-22T09:00:00.000Z', signal: { aborted: false } }
      const [found] = await feedsInPlace(world, call)
      return {
        usable: found?.usable,
        signature: found?.feed.signature,
        records: found?.feed.records,
        problem: found?.feed.problem,
      }
    }
    return { path, look }
  }

  test('verified by the key that is named; without one it is unchecked, or not signed', async () => {
    const { path, look } = place('one.json')
    writeFileSync(path, record('A-1'))
    expect(await look()).toMatchObject({ usable: true, signature: 'not-signed', records: 1 })
    sign(path, key)
    expect(await look()).toMatchObject({ usable: true, signature: 'unchecked', records: 1 })
    expect(await look(key.line)).toMatchObject({ usable: true, signature: 'verified', records: 1 })
  })

  test('a feed that was read before its key was named does not stay in force unsigned', async () => {
    const { path, look } = place('unsigned.json')
    writeFileSync(path, record('A-1'))
    await look()
    const problem = 'a key is named for it, and no signature lies beside it'
    expect(await look(key.line)).toEqual({ usable: false, signature: 'failed', records: 0, problem })
  })

  test('a later edition with a wrong signature moves nothing: the verified one before it is used', async () => {
    const { path, look } = place('later.json')
    writeFileSync(path, record('A-1'))
    sign(path, key)
    await look(key.line)
    writeFileSync(path, `[${record('A-1')},${record('EVIL-1')}]`)
    const problem = 'its signature is wrong; the edition before it is used'
    expect(await look(key.line)).toEqual({ usable: true, signature: 'failed', records: 1, problem })
    sign(path, key)
    expect(await look(key.line)).toMatchObject({ usable: true, signature: 'verified', records: 2 })
  })

  test('of a folder the manifest is signed; one without a manifest cannot be', async () => {
    const { path, look } = place('folder')
    mkdirSync(path)
    writeFileSync(join(path, 'a.json'), record('A-1'))
    expect(await look(key.line)).toMatchObject({
      usable: false,
      signature: 'failed',
      problem: expect.stringContaining('manifest.json'),
    })
    const { createHash } = await import('node:crypto')
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const digest = sha256(`a.json\n${sha256(record('A-1'))}\n`)
    const manifest = { id: 'ours', version: '1.0.0', date: '2026-01-02', digest, coverage: 'selected' }
    writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest))
    sign(join(path, 'manifest.json'), key)
    expect(await look(key.line)).toMatchObject({ usable: true, signature: 'verified', records: 1 })
    writeFileSync(join(path, 'a.json'), record('B-1'))
    expect(await look(key.line)).toMatchObject({
      usable: true,
      problem: expect.stringContaining('not those that its manifest'),
    })
  })
})
