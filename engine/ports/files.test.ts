import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFiles } from './files.ts'
import { streamFile } from './files-read.ts'

const folder = mkdtempSync(join(tmpdir(), 'files-port-'))
const { files } = openFiles({ stateDir: null })
const server = createServer()

beforeAll(async () => {
  writeFileSync(join(folder, 'plain'), 'seven b')
  writeFileSync(join(folder, 'empty'), '')
  mkdirSync(join(folder, 'dir'))
  for (const name of ['c', 'a', 'b']) writeFileSync(join(folder, 'dir', name), name)
  symlinkSync('plain', join(folder, 'link'))
  symlinkSync('nowhere', join(folder, 'dangling'))
  symlinkSync('loop-b', join(folder, 'loop-a'))
  symlinkSync('loop-a', join(folder, 'loop-b'))
  symlinkSync('fifo', join(folder, 'link-to-fifo'))
  execFileSync('mkfifo', [join(folder, 'fifo')])
  writeFileSync(join(folder, 'sparse'), '')
  truncateSync(join(folder, 'sparse'), 2 ** 40)
  await new Promise<void>((done) => server.listen(join(folder, 'socket'), done))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

function read(name: string, maxBytes = 1000): string {
  const result = files.read(name.startsWith('/') ? name : join(folder, name), maxBytes)
  if (result.state === 'present') return `present ${new TextDecoder().decode(result.bytes)}`
  return result.state === 'absent' ? 'absent' : result.code
}

describe('reading', () => {
  test.each([
    ['plain', 'present seven b'],
    ['link', 'present seven b'],
    ['empty', 'present '],
    ['missing', 'absent'],
    ['plain/below', 'absent'],
    ['dangling', 'absent'],
    ['loop-a', 'link-loop'],
    ['dir', 'not-a-file'],
    ['fifo', 'not-a-file'],
    ['link-to-fifo', 'not-a-file'],
    ['socket', 'not-a-file'],
    ['/dev/zero', 'not-a-file'],
    ['sparse', 'too-large'],
    ['nul\0l', 'malformed'],
  ])('%s is %s', (name, expected) => expect(read(name)).toBe(expected))

  test('a bound is kept to the byte', () => {
    expect(read('plain', 7)).toBe('present seven b')
    expect(read('plain', 6)).toBe('too-large')
  })

  test.skipIf(process.platform !== 'linux')('files of the kernel say size 0 and are read, bounded', () => {
    expect(read('/proc/self/status', 100_000)).toContain('Pid:')
    expect(read('/proc/net/tcp', 10_000_000)).toContain('local_address')
    expect(read('/proc/self/status', 10)).toBe('too-large')
  })
})

describe('a file that is swapped between looking and opening', () => {
  test.each(['fifo', 'link', 'empty', 'missing'])('is not read: %s', (name) => {
    const facts = files.inspect(join(folder, 'plain'))
    if (facts.state !== 'present') throw new Error(facts.state)
    const taken: Uint8Array[] = []
    const end = streamFile(join(folder, name), facts, (bytes) => taken.push(bytes) > 0)
    expect([end, taken]).toMatchObject([{ code: 'changed-while-reading' }, []])
  })
})

describe('looking', () => {
  test('the path itself is described, not what a link leads to', () => {
    const types = ['plain', 'dir', 'link', 'dangling', 'loop-a', 'fifo', 'socket'].map((name) => {
      const facts = files.inspect(join(folder, name))
      return facts.state === 'present' ? facts.type : facts.state
    })
    expect(types).toEqual(['file', 'folder', 'link', 'link', 'link', 'other', 'other'])
    expect(files.inspect(join(folder, 'missing')).state).toBe('absent')
  })

  test('links are resolved to where they lead', () => {
    expect(files.resolve(join(folder, 'link'))).toEqual({ state: 'present', path: join(folder, 'plain') })
    expect(files.resolve(join(folder, 'dangling')).state).toBe('absent')
    expect(files.resolve(join(folder, 'loop-a'))).toMatchObject({ code: 'link-loop' })
  })

  test('names come sorted and bounded', () => {
    expect(files.list(join(folder, 'dir'), 10)).toEqual({ state: 'present', names: ['a', 'b', 'c'], truncated: false })
    const cut = files.list(join(folder, 'dir'), 2)
    expect(cut).toMatchObject({ state: 'present', truncated: true })
    expect(files.list(join(folder, 'plain'), 2)).toMatchObject({ code: 'not-a-file' })
    expect(files.list(join(folder, 'fifo'), 2)).toMatchObject({ code: 'not-a-file' })
    expect(files.list(join(folder, 'missing'), 2)).toEqual({ state: 'absent' })
    expect(files.list(join(folder, 'loop-a'), 2)).toMatchObject({ code: 'link-loop' })
  })

  test.skipIf(process.platform === 'win32')('user names are those of the machine', () => {
    expect(files.userName(0)).toBe('root')
    expect(files.userName(4_000_000_001)).toBeNull()
  })
})

describe.skipIf(process.getuid?.() !== 0)('as a user without rights', () => {
  const open = mkdtempSync(join(tmpdir(), 'files-port-open-'))
  afterAll(() => rmSync(open, { recursive: true }))

  /** Root reads everything: the port, which is synchronous, is asked as another user. */
  function asOther<T>(ask: () => T): T {
    process.setegid?.(65_534)
    process.seteuid?.(65_534)
    try {
      return ask()
    } finally {
      process.seteuid?.(0)
      process.setegid?.(0)
    }
  }

  test('what may not be read is said to be denied, in trees too', () => {
    execFileSync('chmod', ['755', open])
    writeFileSync(join(open, 'closed'), 'secret', { mode: 0o600 })
    writeFileSync(join(open, 'open'), 'fine')
    mkdirSync(join(open, 'shut'), { mode: 0o700 })
    const denied = { state: 'unavailable', code: 'permission-denied', reason: 'this user may not read it' }
    expect(asOther(() => files.read(join(open, 'open'), 100)).state).toBe('present')
    expect(asOther(() => files.inspect(join(open, 'closed'))).state).toBe('present')
    expect(asOther(() => files.read(join(open, 'closed'), 100))).toEqual(denied)
    expect(asOther(() => files.list(join(open, 'shut'), 10))).toEqual(denied)
    expect(asOther(() => files.read(join(open, 'shut', 'inside'), 10))).toEqual(denied)
    expect(asOther(() => files.inspect(join(open, 'shut', 'inside')))).toEqual(denied)
    const tree = asOther(() => files.digestTree(open, { except: [], maxFiles: 100, maxBytes: 1000 }))
    expect(tree).toMatchObject({
      problems: ['shut: this user may not read it', 'closed: this user may not read it'],
    })
  })
})
