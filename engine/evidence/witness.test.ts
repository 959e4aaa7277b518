import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitNotes } from '@upkeep/domain/checkpoint'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dropStore, type MadeStore, makeSealedStore, makeStore, sealRound, tamper } from './testing/made-store.ts'
import { startSshHost } from './testing/ssh-host.ts'
import { verifyStore } from './verify-store.ts'
import { exportCheckpoint } from './witness.ts'

let made: MadeStore
let place: string
beforeEach(async () => {
  made = await makeSealedStore(1)
  place = join(made.stateDir, 'elsewhere')
  mkdirSync(place)
})
afterEach(() => dropStore(made))

const signal = new AbortController().signal
const send = (to: string, sshOptions: readonly string[] = []) =>
  exportCheckpoint(made.store, to, { cwd: place, signal, sshOptions })
const read = (name: string) => readFileSync(join(place, name), 'utf8')
const git = (...words: string[]) =>
  execFileSync('git', ['-C', place, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { encoding: 'utf8' })

describe('a file', () => {
  test('gets each checkpoint once, and the ledger verifies against it', async () => {
    expect(await send('notes.txt')).toMatchObject({ added: true, checkpoint: { size: 3 } })
    expect((await send('notes.txt')).added).toBe(false)
    await sealRound(made, 2)
    expect((await send(join(place, 'notes.txt'))).added).toBe(true)
    expect(splitNotes(read('notes.txt'))).toHaveLength(2)
    expect(await verifyStore(made.store, { earlier: [read('notes.txt')] })).toMatchObject({ valid: true, earlier: 2 })
  })

  test.each(['# my notes\n', 'x', '\n', '{}'])('that holds %j is not touched', async (text) => {
    writeFileSync(join(place, 'mine'), text)
    await expect(send('mine')).rejects.toMatchObject({ code: 'witness-unwritable' })
    expect(read('mine')).toBe(text)
  })

  test('of another ledger is not touched', async () => {
    const other = await makeSealedStore(1)
    await exportCheckpoint(other.store, 'notes.txt', { cwd: place, signal })
    await dropStore(other)
    const before = read('notes.txt')
    await expect(send('notes.txt')).rejects.toMatchObject({ code: 'witness-unwritable' })
    expect(read('notes.txt')).toBe(before)
  })

  test('that disagrees with the ledger is heard', async () => {
    await sealRound(made, 2)
    await send('notes.txt')
    tamper(made, ...['ledger', 'checkpoints', 'runs', 'findings', 'keys'].map((table) => `delete from ${table}`))
    for (const count of [1, 3, 4]) await sealRound(made, count)
    const before = read('notes.txt')
    await expect(send('notes.txt')).rejects.toMatchObject({ code: 'evidence-invalid' })
    expect(read('notes.txt')).toBe(before)
  })

  test('that is a folder, a link or a FIFO is refused, without waiting', async () => {
    execFileSync('mkfifo', [join(place, 'fifo')])
    writeFileSync(join(place, 'target'), '')
    symlinkSync(join(place, 'target'), join(place, 'link'))
    for (const name of ['.', 'fifo', 'link', 'nowhere/file'])
      await expect(send(name)).rejects.toMatchObject({ code: 'witness-unwritable' })
    expect(read('target')).toBe('')
  })

  test('gets nothing while nothing is sealed', async () => {
    const empty = await makeStore()
    await expect(exportCheckpoint(empty.store, 'notes.txt', { cwd: place, signal })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(existsSync(join(place, 'notes.txt'))).toBe(false)
    await dropStore(empty)
  })
})

describe('a Git repository', () => {
  test('gets a commit of that file alone, and runs no hook', async () => {
    git('init', '--quiet')
    writeFileSync(join(place, 'mine'), 'staged')
    git('add', 'mine')
    const hook = join(place, '.git/hooks/pre-commit')
    mkdirSync(join(place, '.git/hooks'), { recursive: true })
    writeFileSync(hook, '#!/bin/sh\ntouch ran\nexit 1\n', { mode: 0o755 })
    expect((await send(`git:${place}`)).added).toBe(true)
    expect((await send(`git:${place}`)).added).toBe(false)
    await sealRound(made, 2)
    expect((await send('git:.')).added).toBe(true)
    expect(git('log', '--format=%an %s', '--name-only').split('\n').filter(Boolean)).toEqual([
      'upkeep upkeep checkpoint',
      'upkeep-checkpoints.txt',
      'upkeep upkeep checkpoint',
      'upkeep-checkpoints.txt',
    ])
    expect(git('status', '--porcelain')).toBe('A  mine\n')
    expect(existsSync(join(place, 'ran'))).toBe(false)
    const committed = git('show', 'HEAD:upkeep-checkpoints.txt')
    expect(await verifyStore(made.store, { earlier: [committed] })).toMatchObject({ valid: true, earlier: 2 })
  })

  test('whose commit failed gets it the next time', async () => {
    git('init', '--quiet')
    writeFileSync(join(place, '.git/index.lock'), '')
    await expect(send('git:.')).rejects.toMatchObject({ code: 'witness-unwritable' })
    execFileSync('rm', [join(place, '.git/index.lock')])
    expect((await send('git:.')).added).toBe(true)
    expect(git('log', '--oneline').trim().split('\n')).toHaveLength(1)
  })

  test('with a file of that name of its own is not touched', async () => {
    git('init', '--quiet')
    writeFileSync(join(place, 'upkeep-checkpoints.txt'), 'mine\n')
    await expect(send('git:.')).rejects.toMatchObject({ code: 'witness-unwritable' })
    expect(read('upkeep-checkpoints.txt')).toBe('mine\n')
  })

  test('is asked of the folder named, whatever the environment says', async () => {
    git('init', '--quiet')
    process.env.GIT_DIR = '/nowhere'
    try {
      expect((await send('git:.')).added).toBe(true)
    } finally {
      Reflect.deleteProperty(process.env, 'GIT_DIR')
    }
  })

  test('that is none is refused', async () => {
    await expect(send('git:/')).rejects.toMatchObject({ code: 'witness-unwritable' })
    await expect(send('git:nowhere')).rejects.toMatchObject({ code: 'witness-unwritable' })
  })
})

describe('another host', () => {
  test('gets each checkpoint at the end of a file, through the real ssh', async (context) => {
    const host = await startSshHost(join(made.stateDir, 'ssh'), place)
    if (host === null) return context.skip('no ssh client on this machine')
    try {
      await send('ssh:witness:notes.txt', host.options)
      await sealRound(made, 2)
      await send('ssh:keeper@witness:~/notes.txt', host.options)
      expect(host.commands).toEqual(['cat >> notes.txt', 'cat >> ~/notes.txt'])
      expect(await verifyStore(made.store, { earlier: [read('notes.txt')] })).toMatchObject({ valid: true, earlier: 2 })
      const refused = send('ssh:witness:nowhere/notes.txt', host.options)
      await expect(refused).rejects.toMatchObject({ code: 'witness-unwritable' })
    } finally {
      host.close()
    }
  })

  test('that cannot be reached is said', async () => {
    const options = ['-o', 'Port=9', '-o', 'HostName=127.0.0.1']
    await expect(send('ssh:witness:notes.txt', options)).rejects.toMatchObject({ code: 'witness-unwritable' })
  })

  test.each([
    'host',
    'host:',
    '-oProxyCommand=x:f',
    'host:a b',
    'host:$(id)',
    'host:a;b',
    'host:`id`',
    'h ost:f',
    ':f',
  ])('ssh:%s is refused before anything starts', async (target) => {
    await expect(send(`ssh:${target}`)).rejects.toMatchObject({ code: 'bad-input' })
  })
})
