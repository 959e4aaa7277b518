import type { SetCalendar } from '@upkeep/contract/changes/set-calendar'
import { madePorts } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { setCalendar } from './remediation.ts'

const path = '/srv/upkeep.yaml'
const sunday = { name: 'Sunday', rrule: 'FREQ=WEEKLY;BYDAY=SU', at: '02:00', zone: 'Europe/Berlin', duration: 'PT2H' }
const fair = { from: '2026-12-20T00:00:00Z', until: '2027-01-04T00:00:00Z', why: 'fair' }
const oneLine = `# ours\nversion: 1\nwindows: # agreed\n  - { name: Sunday, rrule: FREQ=WEEKLY;BYDAY=SU, at: '02:00', zone: Europe/Berlin, duration: PT2H }\nprofile: solo\n`
const lines = `version: 1\nwindows:\n  - name: Sunday # agreed\n    rrule: FREQ=WEEKLY;BYDAY=SU\n    at: '02:00'\n    zone: Europe/Berlin\n    duration: PT2H\n  - name: other\n    rrule: FREQ=DAILY\n    at: '03:00'\n    zone: Etc/UTC\n    duration: PT1H\n`
const windows = (was: typeof sunday | null, to: (typeof sunday & { servers?: string[] }) | null): SetCalendar => ({
  kind: 'set-calendar',
  path,
  list: 'windows',
  was,
  to,
})

test.each<[string, SetCalendar, string, string]>([
  [
    'declared where nothing is',
    windows(null, sunday),
    'version: 1\n',
    `version: 1
windows:
  - name: Sunday
    rrule: "FREQ=WEEKLY;BYDAY=SU"
    at: "02:00"
    zone: Europe/Berlin
    duration: PT2H
`,
  ],
  [
    'declared otherwise: what stays the same stays as it is written',
    windows(sunday, { ...sunday, at: '03:30' }),
    oneLine,
    oneLine.replace("'02:00'", "'03:30'"),
  ],
  [
    'with a part more',
    windows(sunday, { ...sunday, servers: ['fs'] }),
    lines,
    lines.replace('    duration: PT2H\n', '    duration: PT2H\n    servers:\n      - fs\n'),
  ],
  ['no longer declared', windows(sunday, null), lines, lines.replace(/ {2}- name: Sunday[\s\S]*PT2H\n/, '')],
  ['the last one gone', windows(sunday, null), oneLine, '# ours\nversion: 1\nprofile: solo\n'],
  [
    'a freeze beside windows',
    { kind: 'set-calendar', path, list: 'freezes', was: null, to: fair },
    lines,
    `${lines}freezes:\n  - from: "2026-12-20T00:00:00Z"\n    until: "2027-01-04T00:00:00Z"\n    why: fair\n`,
  ],
])('%s, and nothing is left to do', async (_, input, before, after) => {
  const ports = madePorts({ [path]: before })
  const preview = await setCalendar.preview(input, ports)
  expect(preview).toMatchObject({ state: 'possible', irreversible: [] })
  ports.make(preview)
  expect(ports.text(path)).toBe(after)
  expect(await setCalendar.preview(input, ports)).toMatchObject({ state: 'possible', effects: [] })
})

test('what changes is shown by its keys, and no more', async () => {
  const preview = await setCalendar.preview(windows(sunday, { ...sunday, at: '03:30' }), madePorts({ [path]: oneLine }))
  expect(preview).toMatchObject({
    effects: [{ shown: [' windows: "Sunday"', '-at: 02:00', '+at: 03:30'] }],
    summary: [`${path}: the window "Sunday" is declared otherwise`],
  })
})

test.each<[string, Record<string, string>, RegExp]>([
  ['the file is gone', {}, /is not there/],
  ['somebody wrote it meanwhile', { [path]: oneLine.replace('02:00', '01:00') }, /not what it said before/],
  ['it stands there twice', { [path]: lines + lines.slice(20) }, /more than once/],
  ['it is no YAML', { [path]: 'windows: [' }, /upkeep.yaml/],
  ['it holds broken characters', { [path]: `${lines}# \uFFFD\n` }, /not UTF-8/],
])('is refused where %s', async (_, files, reason) => {
  const preview = await setCalendar.preview(windows(sunday, { ...sunday, at: '03:30' }), madePorts(files))
  expect(preview).toMatchObject({ state: 'unavailable', reason: expect.stringMatching(reason) })
})
