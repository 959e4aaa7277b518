import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { buildFleet } from '../fleet/build.ts'
import { startBare } from '../fleet/everything.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-fleet-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('the unpinned server-everything has an npx folder of its own, with another version in it than the pinned one', () => {
  const folder = dirname(dirname(inject('fleet').everythingScript))
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  expect(manifest.version).not.toBe('2025.7.1')
  const cache = JSON.parse(readFileSync(join(folder, '../../..', 'package.json'), 'utf8'))
  expect(cache._npx.packages).toEqual(['@modelcontextprotocol/server-everything'])
})

test('a reset puts back client files, removes strange ones, and makes an altered tree again', async () => {
  const out = join(root, 'lab-fleet')
  cpSync(dirname(inject('fleet').home), out, { recursive: true, verbatimSymlinks: true })
  const fleet = await buildFleet(out, () => {})
  const desktop = join(fleet.home, '.config/Claude/claude_desktop_config.json')
  const before = readFileSync(desktop, 'utf8')
  writeFileSync(desktop, '{}')
  writeFileSync(join(fleet.home, 'strange.txt'), 'x')
  appendFileSync(fleet.everythingScript, '// altered')
  const said: string[] = []
  await buildFleet(out, (line) => said.push(line))
  expect(readFileSync(desktop, 'utf8')).toBe(before)
  expect(existsSync(join(fleet.home, 'strange.txt'))).toBe(false)
  expect(readFileSync(fleet.everythingScript, 'utf8')).not.toContain('// altered')
  expect(said).toContain('1 npm trees made')
})

test('F3 bare answers whoever asks, from whatever page', async () => {
  const bare = await startBare(inject('fleet').everythingScript)
  const answer = await fetch(bare.url, { headers: { origin: 'http://evil.example' } })
  await bare.stop()
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
})
