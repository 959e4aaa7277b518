import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { keptLogins } from './kept-logins.ts'
import type { NewLogin } from './login-record.ts'
import { systemKeyring } from './system-keyring.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-keyring-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const said = join(root, 'said')

/** A program that is called as libsecret's `secret-tool` is, and keeps what it is given in files; or one that is locked. */
function tool(name: string, isOpen: boolean): string {
  const folder = join(root, name)
  mkdirSync(folder)
  const script = `#!/bin/sh
echo "$@" >> '${said}'
${isOpen ? '' : 'exit 1'}
for last; do :; done
case "$1" in
  store) cat > '${folder}'/"$last" ;;
  lookup) cat '${folder}'/"$last" ;;
  clear) rm -f '${folder}'/"$last" ;;
esac
`
  writeFileSync(join(folder, 'secret-tool'), script)
  chmodSync(join(folder, 'secret-tool'), 0o755)
  return folder
}

const url = 'https://mcp.example.com/mcp'
const login: NewLogin = {
  ...{ url, resource: url, issuer: 'https://login.example.com', clientId: 'upkeep', scope: null },
  ...{ clientAuthentication: 'none', registration: 'pre-registered', obtainedAt: '2026-11-27T09:00:00.000Z' },
  ...{ expiresAt: null, refreshable: false, lastRefresh: null },
}
const secrets = { url, accessToken: 'token-canary', refreshToken: null, clientSecret: null }

it('where the keyring answers the token is there, and nothing of it in the state folder or on a command line', () => {
  const state = join(root, 'state-1')
  const logins = keptLogins(state, systemKeyring({ platform: 'linux', path: tool('open', true) }))
  const kept = logins.keep(login, secrets)
  expect(kept).toMatchObject({ kept: 'keyring', sealed: null })
  expect(logins.tokenFor(url)).toBe('token-canary')
  expect(readFileSync(said, 'utf8')).not.toContain('canary')
  logins.forget(kept)
  expect(logins.tokenFor(url)).toBeNull()
})

it('one that does not take it is not believed: the token goes into the encrypted file', () => {
  const logins = keptLogins(join(root, 'state-2'), systemKeyring({ platform: 'linux', path: tool('locked', false) }))
  expect(logins.keep(login, secrets).kept).toBe('file')
  expect(logins.tokenFor(url)).toBe('token-canary')
})

it('there is none where no program for it is installed', () => {
  expect(systemKeyring({ platform: 'linux', path: '' })).toBeNull()
  expect(systemKeyring({ platform: 'win32', path: '/usr/bin' })).toBeNull()
})
