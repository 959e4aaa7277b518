import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UpkeepFile } from '@upkeep/contract'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { writeClientFiles, writeUpkeepFile } from './client-files.ts'
import { npxFolder, practiceInstalls, requestOf } from './installs.ts'

const home = mkdtempSync(join(tmpdir(), 'upkeep-practice-files-'))
afterAll(() => rmSync(home, { recursive: true }))
const url = 'http://127.0.0.1:40123/mcp'

test('the desktop file names three pinned servers, holds a token and is readable by everyone', () => {
  writeClientFiles(home, url)
  const path = join(home, '.config/Claude/claude_desktop_config.json')
  const { mcpServers } = JSON.parse(readFileSync(path, 'utf8'))
  expect(Object.keys(mcpServers)).toEqual(['fs', 'crm', 'github'])
  expect(mcpServers.fs.args[1]).toBe('@modelcontextprotocol/server-filesystem@2025.3.28')
  expect(mcpServers.github.env.GITHUB_PERSONAL_ACCESS_TOKEN).toMatch(/^ghp_[A-Za-z0-9]{36}$/)
  expect(statSync(path).mode & 0o777).toBe(0o644)
})

test('the upkeep.yaml on disk is what was returned, and lists the live server', () => {
  const path = join(home, 'upkeep.yaml')
  const returned = writeUpkeepFile(path, url, ['/r/a.json'])
  expect(UpkeepFile.parse(parse(readFileSync(path, 'utf8')))).toEqual(returned)
  expect(returned.probe).toEqual([{ url, name: 'everything' }])
})

test('a request has the npx folder that npm itself made for it', () => {
  // Read off a machine on which npx had run this request.
  expect(npxFolder('/c', requestOf(practiceInstalls.filesystem))).toBe('/c/_npx/88b1cca3c4790e13')
})
