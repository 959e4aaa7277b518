import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ConfinementProfile } from '@upkeep/contract/confinement'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backendsHere } from './testing/backends.ts'

const starter = join(import.meta.dirname, 'testing', 'confined-starter.ts')
const backends = (await backendsHere()).filter(({ launcher }) => launcher.id !== 'container-engine')
const root = join(tmpdir(), `upkeep-confined-${process.pid}`)
const home = join(root, 'home')
const tempDir = join(root, 'temp')
const program = join(root, 'program/main.js')

/** Tries what it is told and prints what came of each. */
const script = `
const fs = require('fs'), said = {}
const attempt = (name, act) => { try { said[name] = String(act()) } catch (error) { said[name] = error.code } }
const at = (path) => ${JSON.stringify(home)} + path
attempt('read', () => fs.readFileSync(at('/docs/a.txt'), 'utf8'))
attempt('write', () => fs.writeFileSync(at('/docs/new.txt'), ''))
attempt('notes', () => fs.writeFileSync(at('/notes/new.txt'), 'made'))
attempt('outside', () => fs.readFileSync(at('/other.txt')))
attempt('secret', () => fs.readdirSync(at('/docs/.ssh')).join())
attempt('state', () => fs.readdirSync(at('/docs/state')).join())
attempt('link', () => fs.readFileSync(at('/docs/link')))
attempt('steering', () => fs.writeFileSync('/proc/sys/vm/swappiness', '60'))
attempt('etc', () => fs.writeFileSync('/etc/x', ''))
attempt('own', () => fs.writeFileSync(process.argv[1], ''))
said.argument = process.argv[2]
said.variables = Object.keys(process.env).filter((name) => !/^(?:PWD|OLDPWD|_|SHLVL)$/.test(name)).sort()
said.token = process.env.TOKEN
said.privileges = /CapEff:\\s+0+\\s[\\s\\S]*NoNewPrivs:\\s+1/.test(fs.readFileSync('/proc/self/status', 'utf8'))
said.processes = fs.readdirSync('/proc').filter((one) => /^\\d+$/.test(one)).length
said.cwd = process.cwd()
const reach = require('http').get('http://127.0.0.1:' + process.env.PORT, (answer) => { said.reach = answer.statusCode; answer.resume(); tell() })
reach.on('error', (error) => { said.reach = error.code; tell() })
function tell() {
  process.stdin.once('data', (data) => { process.stdout.write(JSON.stringify({ ...said, echo: String(data) })); process.exitCode = 7; process.stdin.pause() })
}`

function profileWith(over: Partial<ConfinementProfile> = {}): ConfinementProfile {
  return {
    format: 'upkeep-confinement/1',
    server: 'one',
    words: ['one'],
    start: { runtime: 'node', file: program, packages: null, searches: [], ownFrom: 1 },
    program: [dirname(program)],
    places: [
      { path: join(home, 'docs'), access: 'read', named: 'argument' },
      { path: join(home, 'notes'), access: 'write', named: 'argument' },
    ],
    network: 'none',
    variables: ['TOKEN', 'PORT'],
    learned: { calls: 0, listed: null, called: [], watched: false, reached: [], ran: [], lookedFor: [] },
    ...over,
  }
}

const listening = createServer((_, response) => response.end('here'))
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  port = (listening.address() as AddressInfo).port
})
afterAll(() => {
  listening.close()
  rmSync(root, { recursive: true, force: true })
})
beforeEach(() => {
  rmSync(root, { recursive: true, force: true })
  for (const folder of ['docs/.ssh', 'docs/state', 'notes']) mkdirSync(join(home, folder), { recursive: true })
  for (const folder of [tempDir, dirname(program)]) mkdirSync(folder, { recursive: true })
  for (const [name, text] of [
    ['docs/a.txt', 'mine'],
    ['docs/.ssh/id', 'canary'],
    ['docs/state/state.db', 'canary'],
    ['other.txt', 'canary'],
  ] as const)
    writeFileSync(join(home, name), text)
  symlinkSync(join(home, 'other.txt'), join(home, 'docs/link'))
  writeFileSync(program, script)
})

/** Not synchronously: what it may reach is a server of ours in this very process. */
async function started(id: string, profile: ConfinementProfile) {
  const file = join(root, 'profile.json')
  writeFileSync(file, JSON.stringify(profile))
  const child = spawn(process.execPath, [starter, id, file, join(home, 'docs'), tempDir], {
    cwd: '/',
    timeout: 60_000,
    env: { PATH: process.env.PATH, TOKEN: 'a secret', PORT: String(port), OTHER: 'of the client', LD_PRELOAD: '' },
  })
  child.stdin.end('a line\n')
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), endOf(child)])
  return { stdout, stderr, status }
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', resolve)
  })
}

for (const { launcher, works } of backends)
  describe.skipIf(!works)(`a confined server behind ${launcher.id}`, () => {
    test('it sees its places and its variables, and nothing else of its user', async () => {
      const { stdout, stderr, status } = await started(launcher.id, profileWith())
      expect({ stderr, status }).toEqual({ stderr: '', status: 7 })
      expect(JSON.parse(stdout)).toEqual({
        read: 'mine',
        write: 'EROFS',
        notes: 'undefined',
        outside: 'ENOENT',
        secret: '',
        state: '',
        link: 'ENOENT',
        steering: expect.stringMatching(/^E(?:ROFS|ACCES)$/),
        etc: 'EROFS',
        own: 'EROFS',
        argument: 'an argument',
        variables: ['HOME', 'LANG', 'PATH', 'PORT', 'TMPDIR', 'TOKEN'],
        token: 'a secret',
        privileges: true,
        processes: 2,
        cwd: '/tmp',
        reach: 'ECONNREFUSED',
        echo: 'a line\n',
      })
      expect(existsSync(join(home, 'notes/new.txt'))).toBe(true)
    })

    test('with the network it reaches what this machine reaches', async () => {
      const { stdout } = await started(launcher.id, profileWith({ network: 'open' }))
      expect(JSON.parse(stdout)).toMatchObject({ reach: 200, outside: 'ENOENT' })
    })

    test('what it began with is removed by the next start, and is never more than one', async () => {
      await started(launcher.id, profileWith())
      await started(launcher.id, profileWith())
      expect(readdirSync(tempDir)).toHaveLength(1)
    })

    test('a place that is gone, or leads to where secrets are, starts nothing', async () => {
      const gone = profileWith({ places: [{ path: join(home, 'gone'), access: 'read', named: 'argument' }] })
      expect(await started(launcher.id, gone)).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining('is not there'),
      })
      symlinkSync(join(home, 'docs/.ssh'), join(home, 'harmless'))
      const led = profileWith({ places: [{ path: join(home, 'harmless'), access: 'read', named: 'argument' }] })
      expect(await started(launcher.id, led)).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining('keeps secrets'),
      })
    })
  })

test('where nothing builds walls nothing is started', async () => {
  const { status, stdout, stderr } = await started('none', profileWith())
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('Nothing on this machine builds the walls')
})
