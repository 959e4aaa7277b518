import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AttackAtoms } from '@upkeep/contract/attack-atom'
import { triedControls } from '@upkeep/domain/attacks/controls'
import { expect, test } from 'vitest'

const bytes = (name: string) => readFileSync(join(import.meta.dirname, name))
const atoms = AttackAtoms.parse(JSON.parse(bytes('atoms.json').toString('utf8')))

test('the manifest names the atoms by their digest', () => {
  const manifest: unknown = JSON.parse(bytes('manifest.json').toString('utf8'))
  expect(manifest).toMatchObject({
    id: 'atoms',
    digest: createHash('sha256').update(bytes('atoms.json')).digest('hex'),
  })
})

test('there are thirty at least, each under an id of its own and mapped to every list', () => {
  expect(atoms.length).toBeGreaterThanOrEqual(30)
  expect(new Set(atoms.map(({ id }) => id)).size).toBe(atoms.length)
  for (const { maps, id } of atoms)
    expect(
      Object.values(maps).every((ids) => ids.length > 0),
      id,
    ).toBe(true)
})

test('each guard is a control that reports know, and each control is tried', () => {
  expect([...new Set(atoms.map(({ guard }) => guard))].sort()).toEqual(triedControls.map(({ id }) => id).sort())
})

test('no two attack alike: where way and place are the same, the guard is another', () => {
  const shapes = atoms.map(({ probe, guard, over }) => `${probe} ${guard} ${over}`)
  expect(new Set(shapes).size).toBe(atoms.length)
})

test('an atom with a parameter that its way does not take is refused', () => {
  const [first] = atoms
  expect(AttackAtoms.safeParse([{ ...first, with: { ...first?.with, extra: 1 } }]).success).toBe(false)
  expect(AttackAtoms.safeParse([{ ...first, probe: 'no-such-way' }]).success).toBe(false)
})
