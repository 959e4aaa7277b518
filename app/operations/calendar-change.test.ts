import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freezeRemove } from './freeze-remove.ts'
import { freezeSet } from './freeze-set.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { undo } from './undo.ts'
import { windowRemove } from './window-remove.ts'
import { windowSet } from './window-set.ts'
import { windowTimes } from './window-times.ts'
import { windows } from './windows.ts'

const sunday = { rrule: 'FREQ=WEEKLY;BYDAY=SU', at: '02:00', zone: 'Europe/Berlin', duration: 'PT2H' }
const yaml = `version: 1
profile: solo # ours
windows:
  - name: Sunday night # agreed in May
    rrule: FREQ=WEEKLY;BYDAY=SU
    at: '02:00'
    zone: Europe/Berlin
    duration: PT2H
`
const fileOf = (product: TestProduct) => readFileSync(join(product.home, 'upkeep.yaml'), 'utf8')

async function product(text = yaml): Promise<TestProduct> {
  const made = testProduct()
  made.write('upkeep.yaml', text)
  made.declare({ fs: 'read' })
  await made.run(scan, { duties: ['vulnerability-scanning'] })
  made.answer = 'yes'
  return made
}

test('a window is declared otherwise by a change, though no window is open, and given back to the byte', async () => {
  const one = await product()
  const planned = await one.run(windowSet, { name: 'Sunday night', ...sunday, at: '03:30', plan: true })
  expect(planned.output.plan?.effects[0]?.shown).toEqual([' windows: "Sunday night"', '-at: 02:00', '+at: 03:30'])
  expect(fileOf(one)).toBe(yaml)
  const made = await one.run(windowSet, { name: 'Sunday night', ...sunday, at: '03:30' })
  expect(made.output.change).toMatchObject({ outcome: 'done', plan: { title: 'change the window "Sunday night"' } })
  expect(fileOf(one)).toBe(yaml.replace("'02:00'", "'03:30'"))
  expect((await one.run(windows)).output.windows[0]?.next[0]?.wall).toBe('2026-11-29 03:30')
  expect((await one.run(undo, { change: made.output.change?.id })).output.change.outcome).toBe('rolled-back')
  expect(fileOf(one)).toBe(yaml)
})

test('taken back after somebody else wrote the file, only what it wrote is taken out', async () => {
  const one = await product()
  const freeze = { why: 'fair', from: '2026-12-01T00:00:00Z', until: '2026-12-08T00:00:00Z' }
  const made = await one.run(freezeSet, freeze)
  expect((await one.run(windows)).output.freezes).toMatchObject([{ why: 'fair' }])
  writeFileSync(join(one.home, 'upkeep.yaml'), fileOf(one).replace('# ours', '# theirs'))
  await one.run(undo, { change: made.output.change?.id })
  expect(fileOf(one)).toBe(yaml.replace('# ours', '# theirs'))
})

test('what is declared is removed; what is not there is said to be not there', async () => {
  const one = await product(
    `${yaml}freezes: [{ why: fair, from: '2026-12-01T00:00:00Z', until: '2026-12-08T00:00:00Z' }]\n`,
  )
  await one.run(windowRemove, { name: 'Sunday night' })
  await one.run(freezeRemove, { why: 'fair' })
  expect(fileOf(one)).toBe('version: 1\nprofile: solo # ours\n')
  await expect(one.run(windowRemove, { name: 'Sunday night' })).rejects.toThrow('No window is called')
  await expect(one.run(freezeRemove, { why: 'fair' })).rejects.toThrow('No freeze is there')
})

test('the same again leaves nothing to do; a proposal writes nothing; without a person nothing is written', async () => {
  const one = await product()
  expect((await one.run(windowSet, { name: 'Sunday night', ...sunday })).output).toEqual({ plan: null, change: null })
  const proposed = await one.run(windowSet, { name: 'more', ...sunday, propose: true })
  expect(proposed.output.change).toMatchObject({ phase: 'proposed' })
  one.answer = null
  await expect(one.run(windowSet, { name: 'more', ...sunday })).rejects.toThrow('waits for the approval of a person')
  expect(fileOf(one)).toBe(yaml)
})

test.each([
  [{ ...sunday, rrule: 'FREQ=WEEKLY' }, /name the days/],
  [{ ...sunday, rrule: 'FREQ=DAILY;INTERVAL=2' }, /needs its first day/],
])('a rule that is not whole is refused in words: %o', async (rule, words) => {
  const one = await product()
  await expect(one.run(windowSet, { name: 'x', ...rule })).rejects.toThrow(words)
  await expect(one.run(windowTimes, rule)).rejects.toThrow(words)
})

test('where there is no upkeep.yaml, it says what writes one; an end before its beginning is refused', async () => {
  const one = testProduct()
  await expect(one.run(windowSet, { name: 'x', ...sunday })).rejects.toThrow('no upkeep.yaml')
  const turned = { why: 'x', from: '2026-12-08T00:00:00Z', until: '2026-12-01T00:00:00Z' }
  await expect(one.run(freezeSet, turned)).rejects.toThrow('it ends before it begins')
})

test('the times of a window are known before it is declared, with the one that its clock skips', async () => {
  const one = testProduct()
  const { output, text } = await one.run(windowTimes, { ...sunday, at: '02:30', count: 2 })
  expect(output).toMatchObject({
    next: [{ wall: '2026-11-29 02:30', from: '2026-11-29T01:30:00.000Z' }, { wall: '2026-12-06 02:30' }],
    skipped: [{ wall: '2027-03-28 02:30' }],
  })
  expect(text({ width: 80, colour: false, unicode: false } as never)).toContain('2027-03-28 02:30 does not exist')
})
