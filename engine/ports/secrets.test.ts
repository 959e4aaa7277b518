import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSecrets } from './secrets.ts'

let stateDir = ''
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'secrets-'))
})
afterEach(() => rmSync(stateDir, { recursive: true, force: true }))

test('the same text gives the same mark here, another one elsewhere, and openssl agrees', () => {
  const mark = openSecrets({ stateDir, env: {} }).fingerprint('canary')
  expect(mark).toMatch(/^[0-9a-f]{16}$/)
  expect(openSecrets({ stateDir, env: {} }).fingerprint('canary')).toBe(mark)
  expect(openSecrets({ stateDir, env: {} }).fingerprint('canarz')).not.toBe(mark)
  const elsewhere = mkdtempSync(join(tmpdir(), 'secrets-'))
  expect(openSecrets({ stateDir: elsewhere, env: {} }).fingerprint('canary')).not.toBe(mark)
  rmSync(elsewhere, { recursive: true })
  const key = readFileSync(join(stateDir, 'keys', 'fingerprint.key')).toString('hex')
  const args = ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${key}`]
  expect(execFileSync('openssl', args, { input: 'canary', encoding: 'utf8' })).toContain(mark)
})

test('the key is 32 bytes for its owner alone, in a folder for its owner alone', () => {
  openSecrets({ stateDir, env: {} }).fingerprint('x')
  const key = statSync(join(stateDir, 'keys', 'fingerprint.key'))
  expect([key.size, key.mode & 0o777]).toEqual([32, 0o600])
  expect(statSync(join(stateDir, 'keys')).mode & 0o777).toBe(0o700)
  expect(execFileSync('ls', [join(stateDir, 'keys')], { encoding: 'utf8' })).toBe('fingerprint.key\n')
})

test.each<[string, (path: string) => void]>([
  ['too short', (path) => writeFileSync(path, 'short')],
  ['too long', (path) => writeFileSync(path, Buffer.alloc(33))],
  ['readable by others', (path) => chmodSync(path, 0o640)],
])('a key that is %s is not used', (_what, spoil) => {
  openSecrets({ stateDir, env: {} }).fingerprint('x')
  spoil(join(stateDir, 'keys', 'fingerprint.key'))
  expect(() => openSecrets({ stateDir, env: {} }).fingerprint('x')).toThrow(/cannot be used/)
})

test('references lead to what the owner named, and nowhere else', () => {
  const file = join(stateDir, 'token')
  writeFileSync(file, 'from-file\n')
  const secrets = openSecrets({ stateDir, env: { TOKEN: 'from-env', EMPTY: '' } })
  expect(secrets.resolve('env:TOKEN')).toBe('from-env')
  expect(secrets.resolve(`file:${file}`)).toBe('from-file')
  for (const nowhere of ['env:NONE', 'env:EMPTY', 'file:token', 'file:/dev/zero', `file:${file}x`, 'TOKEN', '']) {
    expect(secrets.resolve(nowhere)).toBeNull()
  }
})
