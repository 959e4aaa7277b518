import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { ChangeOf } from '@upkeep/contract/change'
import type { ArchivesPort, FilesPort } from '@upkeep/contract/ports'
import { filesOf, madePorts } from '@upkeep/domain/client-edits/testing/made-ports'
import { keptPath } from '@upkeep/domain/dependency-health/kept-path'
import { writeTar } from '@upkeep/lab/archives/write-tar'
import { expect, test } from 'vitest'
import { restorePackageTree } from './remediation.ts'

const published = { 'index.js': 'one', 'lib/more.js': 'two' }
const tarball = gzipSync(
  writeTar(Object.entries(published).map(([name, content]) => ({ path: `package/${name}`, content }))),
)
const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
const object = `/kept/${keptPath(integrity)}`
const dep = { at: 'node_modules/dep', name: 'dep', version: '1.0.0', integrity, scripts: false }
const input = { kind: 'restore-package-tree' as const, path: '/srv/app', server: 'app', packages: [dep] }
const folder = '/srv/app/node_modules/dep'

/** Files in memory with the folders that follow from their paths, and the archive beside them. */
function portsWith(texts: Readonly<Record<string, string>>, kept: Buffer | null = tarball) {
  const made = madePorts(texts)
  const names = (path: string) =>
    Object.keys(texts).filter((each) => each.startsWith(`${path}/`) && made.text(each) !== null)
  const bytes = { state: 'present' as const, bytes: new Uint8Array(kept ?? []) }
  const files: FilesPort = {
    ...made.files,
    read: (path, max) => {
      const read = made.files.read(folder, max)
      if (path !== object) return made.files.read(path, max)
      return kept === null ? read : { ...bytes, facts: facts('file') }
    },
    inspect: (path) => (names(path).length > 0 ? facts('folder') : made.files.inspect(path)),
    list: (path) => {
      const below = names(path).map((each) => each.slice(path.length + 1).split('/')[0] ?? '')
      return { state: 'present', names: [...new Set(below)].sort(), truncated: false }
    },
  }
  const archives: ArchivesPort = {
    architecture: 'amd64',
    sha256: () => '',
    unpack: (packed) => ({ state: 'present', bytes: new Uint8Array(gunzipSync(packed)) }),
  }
  return { ...made, files, archives }
}

function facts(type: 'file' | 'folder') {
  const none = { uid: 0, gid: 0, inode: 1n, device: 1n, modifiedNs: 1n, changedNs: 1n }
  return { state: 'present' as const, type, size: 1, mode: 0o644, ...none }
}

async function restored(texts: Readonly<Record<string, string>>, over: Partial<ChangeOf<'restore-package-tree'>> = {}) {
  const ports = portsWith(texts)
  const preview = await restorePackageTree.preview({ ...input, ...over }, ports)
  if (preview.state !== 'possible') throw new Error(preview.reason)
  return { ports, preview }
}

const whole = { [`${folder}/index.js`]: 'one', [`${folder}/lib/more.js`]: 'two' }

test('what is as published is left alone, and other packages inside it', async () => {
  const { preview } = await restored({
    ...whole,
    [`${folder}/node_modules/other/x.js`]: 'x',
    [`${folder}/.npmignore`]: '',
  })
  expect(preview.effects).toEqual([])
})

test('what differs, is missing or is a stranger becomes what was published, once', async () => {
  const { ports, preview } = await restored({ [`${folder}/index.js`]: 'evil', [`${folder}/lib/evil.js`]: 'evil' })
  expect(filesOf(preview).map(({ path, to }) => [path.slice(folder.length), to === 'absent' ? to : to.mode])).toEqual([
    ['/index.js', undefined],
    ['/lib/more.js', 0o644],
    ['/lib/evil.js', 'absent'],
  ])
  ports.make(preview)
  expect([ports.text(`${folder}/index.js`), ports.text(`${folder}/lib/more.js`)]).toEqual(['one', 'two'])
  expect(await restorePackageTree.preview(input, ports)).toMatchObject({ state: 'possible', effects: [] })
})

test('what an installation may have made stays, and is said', async () => {
  const made = { ...whole, [`${folder}/build/a.node`]: 'made' }
  const { preview } = await restored(made, { packages: [{ ...dep, scripts: true }] })
  expect(preview.effects).toEqual([])
  expect(preview.limits).toContainEqual(
    `${folder}/build/a.node is no file of its archive, and may be what its installation made`,
  )
})

test('what lies in the tree and is in no archive at hand is named, and left', async () => {
  const other = { ...dep, at: 'node_modules/@acme/kept' }
  const { preview } = await restored(
    {
      ...whole,
      [`/srv/app/${other.at}/index.js`]: 'one',
      [`/srv/app/${other.at}/lib/more.js`]: 'two',
      '/srv/app/node_modules/.package-lock.json': '{}',
      '/srv/app/node_modules/.bin/dep': '',
      '/srv/app/node_modules/injected/index.js': 'evil',
      '/srv/app/node_modules/@acme/injected/index.js': 'evil',
      '/srv/app/node_modules/loose.js': 'evil',
      [`${folder}/node_modules/inside/index.js`]: 'evil',
      [`${folder}/lib/node_modules/deep/index.js`]: 'evil',
    },
    { packages: [dep, other] },
  )
  expect(preview.effects).toEqual([])
  const stays = (at: string) => `/srv/app/node_modules/${at} is in no archive that is kept: it stays as it is`
  expect(preview.limits.slice(1)).toEqual([
    `${folder}/lib/node_modules lies where npm installs nothing: it was not looked into`,
    ...['@acme/injected', 'injected', 'loose.js', 'dep/node_modules/inside'].map(stays),
  ])
})

test('past a hundred they are counted', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 103 }, (_, index) => [`/srv/app/node_modules/x${index}/index.js`, 'x']),
  )
  const { preview } = await restored({ ...whole, ...many })
  expect(preview.limits).toHaveLength(102)
  expect(preview.limits.at(-1)).toBe('3 more below /srv/app are in no archive that is kept: they stay as they are')
})

test.each([
  ['no archive of it is kept', null, /not kept here/],
  ['the archive was altered', gzipSync('another'), /no longer what was kept/],
])('is refused where %s', async (_, kept, why) => {
  const refused = await restorePackageTree.preview(input, portsWith({ [`${folder}/index.js`]: 'evil' }, kept))
  expect(refused).toMatchObject({ state: 'unavailable', reason: expect.stringMatching(why) })
})
