import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ownerOf, removeSchedule, writeSchedule } from './schedule-apply.ts'
import { schedulePlan } from './schedule-files.ts'

function planIn(home: string, platform = 'linux') {
  return schedulePlan({
    platform,
    home,
    env: {},
    nodePath: '/opt/no de/bin/node',
    programPath: '/opt/50%/up"keep$HOME.js',
    config: null,
    stateDir: join(home, 'state'),
  })
}

describe('schedule', () => {
  test('writes both units, marked as ours, and takes exactly those away again', async () => {
    const plan = planIn(mkdtempSync(join(tmpdir(), 'upkeep-schedule-')))
    await writeSchedule(plan)
    await writeSchedule(plan)
    for (const { path, text } of plan.files) {
      expect(readFileSync(path, 'utf8')).toBe(text)
      expect(await ownerOf(path)).toBe('ours')
    }
    expect(await removeSchedule(plan)).toEqual(plan.files.map((file) => file.path))
    for (const { path } of plan.files) expect(await ownerOf(path)).toBe('nobody')
    expect(await removeSchedule(plan)).toEqual([])
  })

  test('never touches a file that somebody else made, and then writes none at all', async () => {
    const plan = planIn(mkdtempSync(join(tmpdir(), 'upkeep-schedule-')))
    const [service, timer] = plan.files.map((file) => file.path)
    if (service === undefined || timer === undefined) throw new Error('two files are expected')
    await mkdir(dirname(timer), { recursive: true })
    writeFileSync(timer, '[Timer]\nOnCalendar=daily\n')
    await expect(writeSchedule(plan)).rejects.toMatchObject({ code: 'config-exists' })
    await expect(removeSchedule(plan)).rejects.toMatchObject({ code: 'config-exists' })
    expect(readFileSync(timer, 'utf8')).toBe('[Timer]\nOnCalendar=daily\n')
    expect(await ownerOf(service)).toBe('nobody')
  })

  test('a path with blanks, quotes, percent and dollar signs stays one word', () => {
    const [service] = planIn('/home/ada').files
    expect(service?.text).toContain('ExecStart="/opt/no de/bin/node" "/opt/50%%/up\\"keep$$HOME.js"')
  })

  test('other systems get their own file, and it is said that it is untested', () => {
    for (const platform of ['darwin', 'win32']) {
      const plan = planIn(platform === 'win32' ? 'C:\\Users\\ada' : '/Users/ada', platform)
      expect(plan.tested).toBe(false)
      expect(plan.files[0]?.text).toContain('up&quot;keep'.replace('&quot;', platform === 'win32' ? '' : '&quot;'))
    }
    expect(() => planIn('/', 'sunos')).toThrow(/No scheduler/)
    expect(() => planIn('/home/a\nExecStart=evil')).toThrow(/control characters/)
  })
})
