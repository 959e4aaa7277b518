import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Instant } from '@upkeep/contract/time'
import { expect, test } from 'vitest'
import { simulatedClock, systemClock } from './clock.ts'
import { newId } from './ids.ts'
import { hasEnded, identifyProcess, readIdentity, writeIdentity } from './process-identity.ts'
import { stateDirFor } from './state-dir.ts'

test('clocks give instants; a simulated one says so and moves only when told', () => {
  expect(Instant.safeParse(systemClock.now()).success).toBe(true)
  expect(systemClock.kind).toBe('system')
  const clock = simulatedClock('2026-11-22T09:30:00.000Z')
  expect(clock.kind).toBe('simulated')
  clock.advance(86_400)
  expect(clock.now()).toBe('2026-11-23T09:30:00.000Z')
  clock.set('2020-02-29T00:00:00.000Z')
  expect(clock.now()).toBe('2020-02-29T00:00:00.000Z')
  expect(() => Object.assign(clock, { kind: 'system' })).toThrow(TypeError)
  expect(() => clock.set('tomorrow')).toThrow(RangeError)
})

test('ids are version 7 UUIDs that sort by time and do not repeat', () => {
  const early = newId('2026-11-22T09:30:00.000Z')
  expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(early.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.parse('2026-11-22T09:30:00.000Z'))
  expect(early < newId('2026-11-22T09:30:00.001Z')).toBe(true)
  expect(new Set(Array.from({ length: 1_000 }, () => newId('2026-11-22T09:30:00.000Z'))).size).toBe(1_000)
})

const home = '/home/ana'
test.each([
  ['linux', {}, '/home/ana/.local/state/upkeep'],
  ['linux', { XDG_STATE_HOME: '/var/xdg' }, '/var/xdg/upkeep'],
  ['linux', { XDG_STATE_HOME: 'relative' }, '/home/ana/.local/state/upkeep'],
  ['linux', { XDG_STATE_HOME: '/var/xdg', UPKEEP_HOME: '/srv/up/../keep' }, '/srv/keep'],
  ['linux', { UPKEEP_HOME: '' }, '/home/ana/.local/state/upkeep'],
  ['darwin', { XDG_STATE_HOME: '/var/xdg' }, '/home/ana/Library/Application Support/upkeep'],
  ['win32', { LOCALAPPDATA: 'C:\\Users\\ana\\AppData\\Local' }, 'C:\\Users\\ana\\AppData\\Local\\upkeep'],
  ['win32', { UPKEEP_HOME: 'D:\\keep' }, 'D:\\keep'],
])('on %s with %o the state lies in %s', (platform, env, expected) => {
  expect(stateDirFor({ env, platform, home })).toBe(expected)
})

test('a relative UPKEEP_HOME is refused', () => {
  const asked = () => stateDirFor({ env: { UPKEEP_HOME: 'state' }, platform: 'linux', home })
  expect(asked).toThrow(expect.objectContaining({ code: 'state-unusable' }))
})

test.skipIf(process.platform !== 'linux')('a process is said to have ended only when it has', async () => {
  const own = identifyProcess()
  expect(readIdentity(writeIdentity(own))).toEqual(own)
  expect(hasEnded(own)).toBe(false)
  expect(hasEnded({ ...own, started: '1' })).toBe(true)
  expect(hasEnded({ ...own, started: '1', machine: 'another boot' })).toBe(false)
  expect(hasEnded({ ...own, started: null })).toBe(false)
  const child = spawn(process.execPath, ['-e', ''])
  const { pid = 0 } = child
  await once(child, 'exit')
  expect(hasEnded({ ...own, pid })).toBe(true)
  expect(readIdentity('{"pid":1}')).toBeNull()
  expect(readIdentity('not json')).toBeNull()
})
