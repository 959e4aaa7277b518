import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse as parseJsonc } from 'jsonc-parser'
import { parseTOML } from 'toml-eslint-parser'
import { afterAll, expect, test } from 'vitest'
import { generateHomes, homeFile } from './homes.ts'

const out = mkdtempSync(join(tmpdir(), 'upkeep-homes-'))
afterAll(() => rmSync(out, { recursive: true }))
const size = { serversPerHome: 5, seed: 7 }

test('the same seed gives the same files, another seed others', () => {
  expect(homeFile(3, size)).toEqual(homeFile(3, size))
  expect(homeFile(3, size)).not.toEqual(homeFile(3, { ...size, seed: 8 }))
})

test('every format parses and holds five servers', () => {
  for (let index = 0; index < 6; index += 1) {
    const { path, text } = homeFile(index, size)
    if (path.endsWith('.toml')) expect(parseTOML(text).body[0].body).toHaveLength(5)
    else expect(Object.keys(Object.values<object>(parseJsonc(text))[0] ?? {})).toHaveLength(5)
  }
})

test('writes one folder a home and says how many bytes', () => {
  const written = generateHomes({ out, homes: 12, ...size })
  expect(readdirSync(out)).toHaveLength(12)
  const first = readFileSync(join(out, 'home-0001/.config/Claude/claude_desktop_config.json'))
  expect(written.files).toBe(12)
  expect(written.bytes).toBeGreaterThan(first.length)
})
