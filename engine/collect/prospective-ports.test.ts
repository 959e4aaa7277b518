import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SandboxRun } from '@upkeep/contract'
import type { Ports } from '@upkeep/contract/ports'
import { noGateways } from '@upkeep/contract/testing/no-gateways'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFiles } from '../ports/files.ts'
import { prospectivePorts } from './prospective-ports.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-prospect-'))
  mkdirSync(join(root, 'kept/node_modules/.bin'), { recursive: true })
  writeFileSync(join(root, 'kept/node_modules/index.js'), 'new')
  symlinkSync('../index.js', join(root, 'kept/node_modules/.bin/srv'))
  writeFileSync(join(root, 'mcp.json'), 'old')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function ports() {
  const shown: SandboxRun['shows'][] = []
  const sandbox = {
    backend: async () => ({ state: 'unavailable' as const, code: 'not-supported' as const, reason: 'none' }),
    start: async (run: SandboxRun) => {
      shown.push(run.shows)
      return { state: 'unavailable' as const, code: 'not-supported' as const, reason: 'none' }
    },
  }
  const real: Pick<Ports, 'files' | 'sandbox' | 'gateways'> = {
    files: openFiles({ stateDir: null }).files,
    sandbox,
    gateways: noGateways,
  }
  const files = new Map<string, Uint8Array | 'absent'>([
    [join(root, 'mcp.json'), new TextEncoder().encode('changed')],
    [join(root, 'gone.json'), 'absent'],
  ])
  const trees = [{ at: join(root, 'cache/_npx/0123'), real: join(root, 'kept') }]
  return { ports: prospectivePorts(real, { files, trees }), shown }
}

test('a file has the bytes that it would have, and what would be gone is gone', () => {
  writeFileSync(join(root, 'gone.json'), 'there')
  const { files } = ports().ports
  const read = files.read(join(root, 'mcp.json'), 100)
  expect(read.state === 'present' && new TextDecoder().decode(read.bytes)).toBe('changed')
  expect(files.inspect(join(root, 'mcp.json'))).toMatchObject({ state: 'present', size: 7 })
  expect(files.read(join(root, 'mcp.json'), 3)).toMatchObject({ state: 'unavailable', code: 'too-large' })
  for (const look of [
    files.read(join(root, 'gone.json'), 9),
    files.inspect(join(root, 'gone.json')),
    files.resolve(join(root, 'gone.json')),
  ])
    expect(look).toEqual({ state: 'absent' })
})

test('a tree is seen where it would lie, links and folders above it too, and nowhere else', () => {
  const { files } = ports().ports
  const at = join(root, 'cache/_npx/0123')
  expect(files.read(join(at, 'node_modules/index.js'), 9)).toMatchObject({ state: 'present' })
  expect(files.resolve(join(at, 'node_modules/.bin/srv'))).toEqual({
    state: 'present',
    path: join(at, 'node_modules/index.js'),
  })
  expect(files.inspect(join(root, 'cache'))).toMatchObject({ state: 'present', type: 'folder' })
  expect(files.list(join(at, 'node_modules'), 10)).toMatchObject({ names: ['.bin', 'index.js'] })
  expect(files.inspect(join(root, 'cache/_npx/4567'))).toEqual({ state: 'absent' })
  expect(files.resolve(join(root, 'kept/node_modules/index.js'))).toMatchObject({
    path: join(root, 'kept/node_modules/index.js'),
  })
})

test('the sandbox shows the tree from where it lies', async () => {
  const { ports: over, shown } = ports()
  const run = { shows: [{ outside: join(root, 'cache/_npx/0123'), inside: '/srv/0' }] } as unknown as SandboxRun
  await over.sandbox.start(run, [])
  expect(shown).toEqual([[{ outside: join(root, 'kept'), inside: '/srv/0' }]])
})
