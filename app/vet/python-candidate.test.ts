import { gzipSync } from 'node:zlib'
import { buildZip } from '@upkeep/engine/intel/testing/build-zip'
import { describe, expect, test } from 'vitest'
import type { Candidate } from './candidate.ts'
import type { Expected } from './obtained.ts'
import { recognise } from './recognise.ts'
import { buildTar, manifestEntry } from './testing/build-tar.ts'
import { buildSource, buildWheel } from './testing/python-archives.ts'
import { unpack } from './unpack.ts'

async function read(packed: Buffer, expected: Expected | null = null): Promise<Candidate | string> {
  const unpacked = await unpack(packed)
  return typeof unpacked === 'string' ? unpacked : recognise(unpacked, expected)
}

async function candidateOf(packed: Buffer): Promise<Candidate> {
  const candidate = await read(packed)
  if (typeof candidate === 'string') throw new Error(candidate)
  return candidate
}

const site = '.local/share/uv/tools/my-server/lib/python3.12/site-packages'

function textAt({ files }: Candidate, path: string): string {
  return Buffer.from(files.find((one) => one.path === path)?.bytes ?? []).toString()
}

describe('a wheel', () => {
  test('counts with every file in it, whatever its RECORD leaves out', async () => {
    const candidate = await candidateOf(buildWheel('my_server', '1.2.0', { 'hidden.py': 'x', 'my_server/a.py': 'y' }))
    const record = textAt(candidate, `${site}/my_server-1.2.0.dist-info/RECORD`)
    expect(record.split('\n').sort()).toEqual([
      '',
      '"hidden.py",,',
      '"my_server-1.2.0.dist-info/METADATA",,',
      '"my_server-1.2.0.dist-info/RECORD",,',
      '"my_server/a.py",,',
    ])
    expect(candidate).toMatchObject({ kind: 'Python wheel', name: 'my_server', dependencies: ['mcp'], notes: [] })
  })

  test.each([
    ['two packages', { 'other-1.0.dist-info/METADATA': 'Name: other\nVersion: 1.0\n\n' }, /more than one package/],
    ['a name that is a path', { 'b-1.dist-info/METADATA': 'Name: ../../b\nVersion: 1\n\n' }, /states no name/],
    ['no version', { 'b-1.dist-info/METADATA': 'Name: b\n\nVersion: 1' }, /states no name and version/],
  ])('with %s is none', async (_name, files, why) => {
    const own = _name === 'two packages' ? { 'a-1.0.dist-info/METADATA': 'Name: a\nVersion: 1.0\n\n' } : {}
    const parts = Object.entries({ ...own, ...files }).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
    expect(await read(buildZip(parts))).toMatch(why)
  })
})

describe('a source archive', () => {
  test('by PKG-INFO: its files below a folder of their own, and that installing it runs its code', async () => {
    const top = 'my_server-1.2.0'
    const candidate = await candidateOf(
      buildSource('my_server', '1.2.0', [
        { path: `${top}/setup.py`, text: 'evil()' },
        { path: `${top}/src/my_server/server.py`, text: 'x' },
        { path: `${top}/fastmcp-9.9.dist-info/METADATA`, text: 'Name: fastmcp\nVersion: 9.9\n\n' },
      ]),
    )
    expect(candidate).toMatchObject({
      kind: 'Python source archive',
      name: 'my_server',
      version: '1.2.0',
      dependencies: ['mcp'],
      notes: ['installing it runs its setup.py; what that makes of it was not judged'],
    })
    const paths = candidate.files.map((file) => file.path)
    expect(paths).toContain(`${site}/source/src/my_server/server.py`)
    // What lies in it does not pass for another package that is installed.
    expect(paths.filter((path) => /site-packages\/[^/]+\.dist-info\/METADATA$/.test(path))).toEqual([
      `${site}/my_server-1.2.0.dist-info/METADATA`,
    ])
  })

  test('by pyproject.toml, where there is no PKG-INFO', async () => {
    const project =
      '[project]\nname = "my-server"\nversion = "1.2.0"\ndependencies = ["mcp>=1", "x[y]==2 ; extra == \'z\'"]\n'
    const packed = gzipSync(buildTar([{ path: 'my-server-main/pyproject.toml', text: project }]))
    expect(await candidateOf(packed)).toMatchObject({
      kind: 'Python source archive',
      version: '1.2.0',
      dependencies: ['mcp'],
      notes: ['installing it runs the build backend that it names; what that makes of it was not judged'],
    })
  })

  test.each([
    ['TOML that is none', [{ path: 'a-1/pyproject.toml', text: '[project' }]],
    ['a version that is worked out later', [{ path: 'a-1/pyproject.toml', text: '[project]\nname = "a"\n' }]],
    ['a name that leads out', [{ path: 'a-1/PKG-INFO', text: 'Name: ../a\nVersion: 1\n\n' }]],
    ['a version that leads out', [{ path: 'a-1/PKG-INFO', text: 'Name: a\nVersion: 1/../..\n\n' }]],
    ['its PKG-INFO not at the top', [{ path: 'a-1/b/PKG-INFO', text: 'Name: a\nVersion: 1\n\n' }]],
  ])('with %s is none', async (_name, parts) => {
    expect(await read(gzipSync(buildTar(parts)))).toMatch(/it is no package/)
  })
})

describe('an archive that is an npm package and a source archive', () => {
  const both = (top: string) =>
    gzipSync(
      buildTar([
        { path: `${top}/PKG-INFO`, text: 'Name: two\nVersion: 1.0.0\n\n' },
        { path: `${top}/package.json`, text: JSON.stringify({ name: 'two', version: '1.0.0' }) },
      ]),
    )

  test.each([
    ['two-1.0.0', 'Python source archive', 'npm package'],
    ['package', 'npm package', 'Python source archive'],
  ])('in %s counts as %s, and it is said', async (top, kind, other) => {
    const candidate = await candidateOf(both(top))
    expect(candidate.kind).toBe(kind)
    expect(candidate.notes).toContain(`it could be taken for another kind as well: ${other}`)
  })

  test('is what it was asked for as', async () => {
    const asked = { name: 'two', version: '1.0.0' }
    expect(await read(both('two-1.0.0'), { ecosystem: 'npm', ...asked })).toMatchObject({ kind: 'npm package' })
    expect(await read(both('package'), { ecosystem: 'PyPI', ...asked })).toMatchObject({
      kind: 'Python source archive',
    })
  })
})

describe('what was asked for', () => {
  const npm = gzipSync(buildTar([manifestEntry('inside', '1.0.0')]))
  test.each([
    ['npm, another name', npm, { ecosystem: 'npm', name: 'outside', version: '1.0.0' }],
    ['npm, another version', npm, { ecosystem: 'npm', name: 'inside', version: '1.0.1' }],
    ['a wheel of another name', buildWheel('inside', '1.0'), { ecosystem: 'PyPI', name: 'outside', version: '1.0' }],
    ['a wheel of another version', buildWheel('inside', '1.0'), { ecosystem: 'PyPI', name: 'inside', version: '1.1' }],
    ['a source archive of another', buildSource('inside', '1.0'), { ecosystem: 'PyPI', name: 'in', version: '1.0' }],
    ['a wheel for npm', buildWheel('inside', '1.0.0'), { ecosystem: 'npm', name: 'inside', version: '1.0.0' }],
  ] as const)('%s is refused', async (_name, packed, expected) => {
    expect(await read(packed, expected)).toMatch(/was asked for|it is no package/)
  })

  test.each([
    ['another spelling', buildWheel('My_Server', '1.0'), { ecosystem: 'PyPI', name: 'my-server', version: '1.0.0' }],
    ['the same', npm, { ecosystem: 'npm', name: 'inside', version: '1.0.0' }],
  ] as const)('%s is it', async (_name, packed, expected) => {
    expect(await read(packed, expected)).toMatchObject({ version: expect.stringMatching(/^1\.0/) })
  })
})

test('npm takes off the first folder of every path, whatever it is called', async () => {
  const packed = gzipSync(buildTar([manifestEntry('two', '1.0.0'), { path: 'elsewhere/index.js', text: 'evil()' }]))
  const { files } = await candidateOf(packed)
  expect(files.map((file) => file.path).filter((path) => path.endsWith('node_modules/two/index.js'))).toHaveLength(1)
})
