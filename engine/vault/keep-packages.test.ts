import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keptPath } from '@upkeep/domain/dependency-health/kept-path'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepPackages } from './keep-packages.ts'
import { stateOfKept } from './kept-tarballs.ts'

let folder = ''
let registry: Running
let asked: string[] = []
const served = new Map<string, Buffer>()

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-kept-'))
  asked = []
  served.clear()
  registry = await serve((request, response) => {
    asked.push(request.url ?? '')
    const bytes = served.get(request.url ?? '')
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
  })
})
afterEach(async () => {
  await registry.close()
  rmSync(folder, { recursive: true, force: true })
})

function sumOf(bytes: Buffer): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`
}

function keep(...wanted: { name: string; version: string; integrity: string }[]) {
  const registries = { registryUrl: new URL(registry.url).origin }
  return keepPackages(wanted, { folder, registries, signal: new AbortController().signal, progress: () => {} })
}

const bytes = Buffer.from('what was published')
const right = { name: '@acme/one', version: '1.0.0', integrity: sumOf(bytes) }
const address = '/@acme/one/-/one-1.0.0.tgz'

describe('keeping packages', () => {
  test('the bytes that npm recorded are kept under their own digest, and fetched once', async () => {
    served.set(address, bytes)
    expect(await keep(right)).toEqual([{ ...right, state: 'kept', bytes: bytes.length }])
    const file = join(folder, keptPath(right.integrity) ?? '')
    expect(readFileSync(file)).toEqual(bytes)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await keep(right)).toEqual([{ ...right, state: 'had' }])
    expect(asked).toEqual([address])
  })

  test('other bytes than npm recorded are not kept', async () => {
    served.set(address, Buffer.from('something else'))
    expect(await keep(right)).toMatchObject([
      { state: 'refused', reason: 'the registry serves other bytes than npm recorded' },
    ])
    expect(readdirSync(folder)).toEqual([])
    expect(await stateOfKept(folder, right.integrity)).toBe('absent')
  })

  test('what was altered after it was kept is seen, and fetched anew', async () => {
    served.set(address, bytes)
    await keep(right)
    writeFileSync(join(folder, keptPath(right.integrity) ?? ''), 'altered')
    expect(await stateOfKept(folder, right.integrity)).toBe('altered')
    expect(await keep(right)).toMatchObject([{ state: 'kept' }])
    expect(await stateOfKept(folder, right.integrity)).toBe('kept')
  })

  test.each([
    ['the registry does not have it', {}, 'status 404'],
    ['only a weak digest is recorded', { integrity: 'sha1-AAAA=' }, 'no SHA-512'],
    ['a name that leads elsewhere', { name: '../../etc' }, 'not a name and version'],
    ['a version that is none', { version: '1.0.0/../x' }, 'not a name and version'],
  ])('%s: refused with the reason, nothing left behind', async (_name, over, reason) => {
    expect(await keep({ ...right, ...over })).toMatchObject([
      { state: 'refused', reason: expect.stringContaining(reason) },
    ])
    expect(readdirSync(folder)).toEqual([])
  })

  test('stopped: nothing more is asked for', async () => {
    const stopped = {
      folder,
      registries: { registryUrl: registry.url },
      signal: AbortSignal.abort(),
      progress: () => {},
    }
    await expect(keepPackages([right], stopped)).rejects.toThrow()
    expect(asked).toEqual([])
    expect(existsSync(join(folder, 'sha512'))).toBe(false)
  })
})
