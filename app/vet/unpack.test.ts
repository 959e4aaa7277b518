import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { isPath } from '@upkeep/domain/redaction/plain-shapes'
import { buildZip } from '@upkeep/engine/intel/testing/build-zip'
import { describe, expect, test } from 'vitest'
import type { Candidate } from './candidate.ts'
import { layOut } from './lay-out.ts'
import { recognise } from './recognise.ts'
import { buildTar, manifestEntry } from './testing/build-tar.ts'
import { unpack } from './unpack.ts'

async function candidateOf(packed: Buffer) {
  const unpacked = await unpack(packed)
  if (typeof unpacked === 'string') throw new Error(unpacked)
  const candidate = recognise(unpacked, null)
  if (typeof candidate === 'string') throw new Error(candidate)
  return { candidate, problems: unpacked.problems }
}

function startedBy({ files }: Candidate): unknown {
  const file = files.find((one) => one.path === '.cursor/mcp.json')
  return JSON.parse(Buffer.from(file?.bytes ?? []).toString()).mcpServers
}

function below(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((one) => !one.isDirectory())
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
}

describe('a hostile archive', () => {
  test('writes nothing outside its folder, makes no link, and nothing in it can be executed', async () => {
    const { candidate, problems } = await candidateOf(
      gzipSync(
        buildTar([
          manifestEntry('evil', '1.0.0'),
          { path: '../../../outside.txt', text: 'out' },
          { path: '/tmp/absolute.txt', text: 'out' },
          { path: 'package/link', type: '2', target: '/etc' },
          { path: 'package/link/passwd', text: 'through a link' },
          { path: 'package/run.sh', text: '#!/bin/sh', mode: 0o755 },
          { path: 'package/run.sh', text: 'second' },
          { path: 'package/run.sh/below', text: 'below a file' },
        ]),
      ),
    )
    expect(problems.join('\n')).toMatch(/leads elsewhere[\s\S]*link is a link/)
    const laid = layOut(candidate)
    try {
      const files = below(laid.home)
      expect(files.filter((file) => file.includes('outside') || file.includes('absolute'))).toEqual([])
      for (const file of files) {
        expect(lstatSync(join(laid.home, file)).isSymbolicLink()).toBe(false)
        expect(statSync(join(laid.home, file)).mode & 0o111).toBe(0)
      }
      const script = files.find((file) => file.endsWith('run.sh')) ?? ''
      expect(readFileSync(join(laid.home, script), 'utf8')).toBe('#!/bin/sh')
      expect(laid.problems).toHaveLength(2)
    } finally {
      laid.remove()
    }
    expect(existsSync(laid.home)).toBe(false)
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no archive', Buffer.from('not an archive at all')],
    ['gzip of nothing', gzipSync(Buffer.alloc(0))],
    ['a truncated tar', gzipSync(buildTar([manifestEntry('cut', '1.0.0')]).subarray(0, 600))],
    ['a truncated gzip', gzipSync(buildTar([manifestEntry('cut', '1.0.0')])).subarray(0, 60)],
    ['a bomb', gzipSync(Buffer.alloc(600 << 20))],
    ['a truncated zip', Buffer.from('PK\u0003\u0004 and no more')],
  ])('%s is not unpacked', async (_name, packed) => {
    expect(await unpack(packed)).toBeTypeOf('string')
  })

  test.each([
    ['no manifest', [{ path: 'package/index.js', text: '' }]],
    ['a name that leads out', [manifestEntry('../../evil', '1.0.0')]],
    ['a scope that leads out', [manifestEntry('@../evil', '1.0.0')]],
    ['a version that is a path', [manifestEntry('evil', '../1')]],
    ['a manifest that is no JSON', [{ path: 'package/package.json', text: '{' }]],
  ])('with %s is no package', async (_name, entries) => {
    const unpacked = await unpack(gzipSync(buildTar(entries)))
    expect(typeof unpacked === 'string' ? unpacked : recognise(unpacked, null)).toMatch(/it is no package/)
  })
})

describe('what an archive is', () => {
  test('a bundle that starts something outside itself is none', async () => {
    const manifest = { name: 'b', version: '1', server: { type: 'node', entry_point: '../../bin/sh' } }
    const unpacked = await unpack(buildZip([{ name: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest)) }]))
    expect(typeof unpacked === 'string' ? unpacked : recognise(unpacked, null)).toMatch(/outside the bundle/)
  })

  test('a wheel by its metadata, with what it needs', async () => {
    const metadata =
      'Metadata-Version: 2.1\nName: My_Server\nVersion: 1.2.0\nRequires-Dist: mcp>=1.0\nRequires-Dist: x; extra == "dev"\n\nText'
    const { candidate } = await candidateOf(
      buildZip([
        { name: 'my_server/__init__.py', bytes: Buffer.alloc(0) },
        { name: 'my_server-1.2.0.dist-info/METADATA', bytes: Buffer.from(metadata) },
      ]),
    )
    expect(candidate).toMatchObject({ kind: 'Python wheel', version: '1.2.0', dependencies: ['mcp'] })
    expect(startedBy(candidate)).toEqual({ 'my-server': { command: 'uvx', args: ['my-server==1.2.0'] } })
  })
})

test('the folder that a candidate is put in is new, closed to others, and named so that its paths are not taken for secrets', async () => {
  const { candidate } = await candidateOf(gzipSync(buildTar([manifestEntry('one', '1.0.0')])))
  const laid = [layOut(candidate), layOut(candidate)]
  try {
    expect(new Set(laid.map(({ home }) => home)).size).toBe(2)
    for (const { home } of laid) {
      expect(statSync(dirname(home)).mode & 0o777).toBe(0o700)
      expect(isPath(join(home, 'bundle/server/index.js'))).toBe(true)
    }
  } finally {
    for (const { remove } of laid) remove()
  }
})
