import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../open-store.ts'

let parent = ''
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'upkeep-folder-'))
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8)
const refused = { code: 'state-unusable' }

test('a folder that is not there is made for its owner alone, and every file in it too', async () => {
  const stateDir = join(parent, 'a', 'b')
  const store = await openStore({ stateDir })
  await store.objects.put('{}')
  expect(modeOf(stateDir)).toBe('700')
  const files = readdirSync(stateDir)
  expect(files.sort()).toEqual(['state.db', 'state.db-shm', 'state.db-wal'])
  expect(files.map((name) => modeOf(join(stateDir, name)))).toEqual(['600', '600', '600'])
  await store.close()
})

test('an empty folder of our own is closed to others; one that holds something is refused and not touched', async () => {
  const empty = join(parent, 'empty')
  mkdirSync(empty)
  chmodSync(empty, 0o755)
  await (await openStore({ stateDir: empty })).close()
  expect(modeOf(empty)).toBe('700')
  const full = join(parent, 'full')
  mkdirSync(full)
  writeFileSync(join(full, 'letter.txt'), 'mine')
  chmodSync(full, 0o755)
  await expect(openStore({ stateDir: full })).rejects.toMatchObject({
    ...refused,
    action: expect.stringContaining('chmod 700'),
  })
  expect(modeOf(full)).toBe('755')
  expect(readdirSync(full)).toEqual(['letter.txt'])
})

test('symbolic links are refused: the folder and the database file', async () => {
  const real = join(parent, 'real')
  mkdirSync(real, { mode: 0o700 })
  symlinkSync(real, join(parent, 'link'))
  await expect(openStore({ stateDir: join(parent, 'link') })).rejects.toMatchObject(refused)
  symlinkSync(join(parent, 'elsewhere.db'), join(real, 'state.db'))
  await expect(openStore({ stateDir: real })).rejects.toMatchObject(refused)
  expect(readdirSync(parent).sort()).toEqual(['link', 'real'])
})

test('a file in the place of the folder, and a file that is no database', async () => {
  writeFileSync(join(parent, 'file'), '')
  await expect(openStore({ stateDir: join(parent, 'file') })).rejects.toMatchObject(refused)
  await expect(openStore({ stateDir: join(parent, 'file', 'below') })).rejects.toMatchObject(refused)
  const garbled = join(parent, 'garbled')
  mkdirSync(garbled, { mode: 0o700 })
  writeFileSync(join(garbled, 'state.db'), 'not a database at all, but long enough to look at. '.repeat(100))
  await expect(openStore({ stateDir: garbled })).rejects.toMatchObject(refused)
  const folder = join(parent, 'folder')
  mkdirSync(join(folder, 'state.db'), { recursive: true, mode: 0o700 })
  await expect(openStore({ stateDir: folder })).rejects.toMatchObject(refused)
})

test('a database file that was left open to others is closed again', async () => {
  const stateDir = join(parent, 'state')
  await (await openStore({ stateDir })).close()
  chmodSync(join(stateDir, 'state.db'), 0o644)
  await (await openStore({ stateDir })).close()
  expect(modeOf(join(stateDir, 'state.db'))).toBe('600')
})

test.skipIf(process.getuid?.() !== 0)('a folder of another user is refused (needs root to set up)', async () => {
  const foreign = join(parent, 'foreign')
  mkdirSync(foreign, { mode: 0o700 })
  chownSync(foreign, 65_534, 65_534)
  await expect(openStore({ stateDir: foreign })).rejects.toMatchObject(refused)
  expect(readdirSync(foreign)).toEqual([])
})
