import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acceptanceStatement } from '@upkeep/domain/changes/signed-statements'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onTerminal, type Typed } from '../terminal.ts'

const hasTools = ['script', 'ssh-keygen'].every((tool) => spawnSync(tool, ['--version']).error === undefined)
const root = join(tmpdir(), `presence-${process.pid}`)
mkdirSync(root)
const home = join(root, 'home')
const config = join(home, '.cursor', 'mcp.json')
const keys = join(home, 'keys')
const program = join(import.meta.dirname, '..', '..', 'app', 'cli', 'main.ts')
const env = { PATH: process.env.PATH, HOME: home, UPKEEP_HOME: join(root, 'state'), LANG: 'C.UTF-8', COLUMNS: '200' }

function upkeep(...argv: string[]) {
  const done = spawnSync(process.execPath, [program, ...argv], {
    env,
    cwd: home,
    encoding: 'utf8',
    input: 'yes\nyes\n',
  })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

function typing(types: readonly Typed[], ...argv: string[]) {
  return onTerminal([process.execPath, program, ...argv], { env, cwd: home, types })
}

function key(name: string, passphrase: string): string {
  mkdirSync(keys, { recursive: true })
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', name, '-f', join(keys, name)])
  return join(keys, name)
}

const yes: Typed = ['[yes/no]', 'yes']
const sesame: Typed = ['passphrase', 'open sesame']

/** Whether the standard tool takes a signature for one of the key `ada` over this text. */
function checks(text: string, signature: string): boolean {
  const [allowed, file] = [join(root, 'allowed'), join(root, 'signature')]
  writeFileSync(allowed, `ada ${readFileSync(join(keys, 'ada.pub'), 'utf8')}`)
  writeFileSync(file, signature)
  const args = ['-Y', 'verify', '-f', allowed, '-I', 'ada', '-n', 'upkeep', '-s', file]
  return spawnSync('ssh-keygen', args, { input: text }).status === 0
}

function openFinding(): { fingerprint: string; severity: string } {
  const { findings } = JSON.parse(upkeep('findings', '--json', '--fail-on', 'never').out)
  return findings[0].finding.statement
}

function mode(): string {
  return (statSync(config).mode & 0o777).toString(8)
}

beforeAll(() => {
  mkdirSync(join(home, '.cursor'), { recursive: true })
  const env = { GITHUB_PERSONAL_ACCESS_TOKEN: `ghp_${'a1B2'.repeat(9)}` }
  const server = { command: 'npx', args: ['-y', '@modelcontextprotocol/server-github@2025.4.8'], env }
  writeFileSync(config, `${JSON.stringify({ mcpServers: { gh: server } }, null, 2)}\n`)
  // Others can come as far as the file.
  for (const folder of [root, home, join(home, '.cursor')]) chmodSync(folder, 0o755)
  chmodSync(config, 0o644)
  upkeep('scan')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe.skipIf(!hasTools)('a program with every right of its user (needs script and ssh-keygen)', () => {
  test('cannot say yes where there is no terminal, whatever is piped in', () => {
    const done = upkeep('fix', 'gh')
    expect([done.code, mode()]).toEqual([2, '644'])
    expect(done.err).toContain('waits for the approval of a person')
  })

  test('cannot accept a finding of severity high, at a pseudo-terminal either', async () => {
    const { fingerprint, severity } = openFinding()
    expect(severity).toBe('high')
    const asked = ['accept', fingerprint, '--until', '30d', '--reason', 'a test machine']
    expect(upkeep(...asked)).toMatchObject({ code: 2, err: expect.stringContaining('neither a terminal here') })
    const typed = await typing([yes], ...asked)
    expect([typed.code, typed.screen]).toEqual([2, expect.stringContaining('no key of yours is known')])
    const bare = await typing([yes], ...asked, '--key', key('bare', ''))
    expect([bare.code, bare.screen]).toEqual([2, expect.stringContaining('The key has no passphrase')])
    expect(JSON.parse(upkeep('findings', '--accepted', '--json', '--fail-on', 'never').out).findings).toEqual([])
  })

  test('with the passphrase a person accepts, and the record carries a signature that the standard tool checks', async () => {
    const { fingerprint } = openFinding()
    const asked = ['accept', fingerprint, '--until', '30d', '--reason', 'a test machine']
    const wrong = await typing([yes, ['passphrase', 'wrong']], ...asked, '--key', key('ada', 'open sesame'))
    expect(wrong).toMatchObject({ code: 2, screen: expect.stringContaining('not unlocked') })
    const done = await typing([yes, sesame, sesame], ...asked, '--key', join(keys, 'ada'), '--json')
    expect(done.code).toBe(0)
    const [acceptance] = JSON.parse(done.screen.slice(done.screen.search(/^\{/m))).acceptances
    expect(acceptance.signer.presence).toBe('ssh-key')
    expect(
      checks(
        acceptanceStatement({ ...acceptance, person: acceptance.signer.person, fingerprints: [fingerprint] }),
        acceptance.signer.signature,
      ),
    ).toBe(true)
    expect(
      checks(
        acceptanceStatement({ ...acceptance, person: acceptance.signer.person, fingerprints: ['another'] }),
        acceptance.signer.signature,
      ),
    ).toBe(false)
    // Another key of whoever is at the keyboard is not taken for that of the person.
    const other = await typing([yes, ['passphrase', 'other']], ...asked, '--key', key('other', 'other'))
    expect(other).toMatchObject({ code: 2, screen: expect.stringContaining('Another key is in force') })
    expect(upkeep('verify').code).toBe(0)
  })

  test('a change of low risk takes a word at a terminal, which is marked as no proof; it is made and taken back', async () => {
    const [id] = JSON.parse(upkeep('changes', '--json').out).changes.map((one: { id: string }) => one.id)
    const approved = await typing([yes, sesame], 'approve', id)
    expect(approved).toMatchObject({ code: 0, screen: expect.stringContaining('approved') })
    expect(upkeep('fix', '--change', id).code).toBe(0)
    expect(mode()).toBe('600')
    const before = readFileSync(config)
    expect(upkeep('undo', id).code).toBe(0)
    expect([mode(), readFileSync(config)]).toEqual(['644', before])
  })
})
