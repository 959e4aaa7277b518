import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { paxHeader, writeTar } from '@upkeep/lab/archives/write-tar'
import { describe, expect, test } from 'vitest'
import { entryPath, readTar } from './tar.ts'

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8')

describe('readTar', () => {
  test.each(['ustar', 'gnu', 'pax'])('what tar itself wrote, as %s', (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'tar-'))
    const long = `${'deep/'.repeat(format === 'ustar' ? 15 : 40)}file-ü.txt`
    mkdirSync(join(folder, long, '..'), { recursive: true })
    writeFileSync(join(folder, long), 'content')
    writeFileSync(join(folder, 'run'), '#!', { mode: 0o755 })
    symlinkSync('run', join(folder, 'link'))
    execFileSync('tar', [`--format=${format}`, '--sort=name', '-cf', 'out.tar', 'deep', 'link', 'run'], { cwd: folder })
    const { entries, problem } = readTar(new Uint8Array(readFileSync(join(folder, 'out.tar'))), 1_000)
    rmSync(folder, { recursive: true })
    expect(problem).toBeNull()
    expect(text(entries.find((entry) => entry.path === long)?.bytes)).toBe('content')
    expect(entries.find((entry) => entry.path === 'run')).toMatchObject({ type: 'file', executable: true })
    expect(entries.find((entry) => entry.path === 'link')).toMatchObject({ type: 'link', target: 'run' })
    expect(entries.filter((entry) => entry.type === 'folder').length).toBeGreaterThan(10)
  })

  test('a pax header speaks of the next entry only', () => {
    const pieces = [paxHeader({ path: 'other' }), { path: 'a', content: '1' }, { path: 'b', content: '2' }]
    expect(readTar(writeTar(pieces), 10).entries.map((entry) => entry.path)).toEqual(['other', 'b'])
  })

  test('devices and pipes are entries without bytes', () => {
    const { entries } = readTar(
      writeTar([
        { path: 'dev/x', type: '3' },
        { path: 'pipe', type: '6' },
      ]),
      10,
    )
    expect(entries.map((entry) => entry.type)).toEqual(['other', 'other'])
  })

  const good = writeTar([
    { path: 'a', content: 'x'.repeat(600) },
    { path: 'b', content: '2' },
  ])
  const broken = good.slice()
  broken[20] = 7
  test.each([
    ['cut in an entry', good.slice(0, 900), 'in the middle of an entry'],
    ['cut in a header', good.slice(0, 1600), 'in the middle of a header'],
    ['a changed header', broken, 'does not match its checksum'],
    ['no archive', new Uint8Array(2_000).fill(65), 'does not match its checksum'],
    ['a size beyond the end', writeTar([{ path: 'a', content: 'x', size: 10_000 }]), 'in the middle of an entry'],
    ['a size of pax without sense', writeTar([paxHeader({ size: '99999999999999' }), { path: 'a' }]), 'in the middle'],
    ['cut between two entries', good.slice(0, 1536), 'its end mark is missing'],
    ['nothing', new Uint8Array(), 'its end mark is missing'],
  ])('%s is said', (_name, bytes, why) => {
    expect(readTar(bytes, 10).problem).toContain(why)
  })

  test('more entries than the bound', () => {
    const many = writeTar(Array.from({ length: 11 }, (_, index) => ({ path: `${index}` })))
    expect(readTar(many, 10)).toMatchObject({
      problem: expect.stringContaining('more than 10'),
      entries: { length: 10 },
    })
  })
})

test.each([
  ['a/b', 'a/b'],
  ['./a//b/', 'a/b'],
  ['.', ''],
  ['../a', null],
  ['a/../../b', null],
  ['/etc/passwd', null],
  ['a\\b', null],
  ['a\0b', null],
  ['a/'.repeat(3_000), null],
])('entryPath(%s)', (written, path) => {
  expect(entryPath(written)).toBe(path)
})
