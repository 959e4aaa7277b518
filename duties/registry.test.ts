import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalog } from '@upkeep/app/catalog'
import { expect, test } from 'vitest'
import { guide } from './guide.ts'

const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory())

test('the guide has 44 items with 44 ids', () => {
  expect(guide).toHaveLength(44)
  expect(new Set(guide.map((item) => item.id)).size).toBe(44)
})

test('every folder is an item of the guide, and every duty of the catalogue has its folder', () => {
  const ids = guide.map((item) => item.id)
  for (const folder of folders) expect(ids).toContain(folder.name)
  expect(catalog.duties.map((duty) => duty.id).sort()).toEqual(folders.map((folder) => folder.name).sort())
})

test.each(catalog.duties.map((duty) => [duty.id, duty] as const))('%s keeps the form of a unit', (id, duty) => {
  const item = guide.find((one) => one.id === id)
  expect(duty).toMatchObject({ heading: item?.heading, title: item?.title })
  for (const rule of Object.values(duty.rules)) expect(rule.help.trim(), 'help ends in an action').toMatch(/[.]$/)
  expect(existsSync(join(import.meta.dirname, id, 'duty.test.ts')), 'a test beside it').toBe(true)
  const readme = readFileSync(join(import.meta.dirname, id, 'README.md'), 'utf8')
  for (const section of ['Why', 'What it reads', 'When it fires', 'What to do', 'Limits'])
    expect(readme).toContain(`## ${section}`)
})

test('ids are unique across all kinds of units', () => {
  const ids = [...catalog.duties, ...catalog.collectors, ...catalog.probes].map((unit) => unit.id)
  expect(new Set(ids).size).toBe(ids.length)
})
