import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unitsIn } from './catalog.ts'

let tree: string
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'upkeep-catalog-'))
  for (const folder of ['collectors', 'duties', 'probes', 'remediations']) mkdirSync(join(tree, folder))
})
afterEach(() => rmSync(tree, { recursive: true, force: true }))

function duty(id: string, text: string): void {
  mkdirSync(join(tree, 'duties', id))
  writeFileSync(join(tree, 'duties', id, 'duty.ts'), text)
}

test('a folder with a unit is in the catalogue; a folder without one is not', () => {
  duty('health-checks', 'export const healthChecks = defineDuty({})')
  mkdirSync(join(tree, 'duties', 'notes'))
  expect(unitsIn(tree)).toEqual([
    { list: 'duties', id: 'health-checks', name: 'healthChecks', module: '@upkeep/duties/health-checks/duty' },
  ])
})

test('two units in one file, or none, are refused', () => {
  duty('two', 'export const a = defineDuty({})\nexport const b = defineDuty({})')
  expect(() => unitsIn(tree)).toThrow('exactly one unit')
  rmSync(join(tree, 'duties', 'two'), { recursive: true })
  duty('none', 'export const a = 1')
  expect(() => unitsIn(tree)).toThrow('exactly one unit')
})
