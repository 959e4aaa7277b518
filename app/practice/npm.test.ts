import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { runNpm } from './npm.ts'

const folder = mkdtempSync(join(tmpdir(), 'upkeep-npm-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())
const never = new AbortController().signal

test('returns what npm printed', async () => {
  expect(await runNpm(['--version'], folder, never)).toMatch(/^\d+\.\d+\.\d+/)
})

test('a registry that does not answer is practice-unavailable, with what to do and without its address', async () => {
  vi.stubEnv('npm_config_registry', 'http://user:canary-password@127.0.0.1:9/')
  const failed = runNpm(['view', 'mcp-remote', 'version', '--cache', folder], folder, never)
  await expect(failed).rejects.toMatchObject({
    code: 'practice-unavailable',
    action: expect.stringContaining('npm view'),
  })
  await expect(failed).rejects.toThrow(/ECONNREFUSED/)
  await expect(failed).rejects.not.toThrow(/canary|127\.0\.0\.1/)
})

test('no npm on PATH says so', async () => {
  vi.stubEnv('PATH', folder)
  const failed = runNpm(['--version'], folder, never)
  await expect(failed).rejects.toMatchObject({ code: 'practice-unavailable' })
  await expect(failed).rejects.toThrow(/no npm was found/)
})

test('settings that npm start leaves in the environment do not reach it', async () => {
  vi.stubEnv('npm_config_local_prefix', '/nowhere')
  vi.stubEnv('npm_config_color', 'always')
  writeFileSync(join(folder, 'package.json'), '{"name":"here","version":"1.0.0"}')
  expect((await runNpm(['prefix'], folder, never)).trim()).toBe(folder)
  expect((await runNpm(['config', 'get', 'color'], folder, never)).trim()).not.toBe('always')
})

test('stops when asked to', async () => {
  const stop = new AbortController()
  const running = runNpm(['view', 'mcp-remote', 'version', '--registry=http://127.0.0.1:9/'], folder, stop.signal)
  stop.abort()
  await expect(running).rejects.toMatchObject({ name: 'AbortError' })
})
