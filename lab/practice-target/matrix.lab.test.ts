import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AttackAtoms } from '@upkeep/contract/attack-atom'
import { makeAttack } from '@upkeep/domain/attacks/make-attack'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Guard, guards } from './guards.ts'
import { type PracticeTarget, startPracticeTarget } from './practice-target.ts'

const file = join(import.meta.dirname, '../../packs/atoms/atoms.json')
const atoms = AttackAtoms.parse(JSON.parse(readFileSync(file, 'utf8')))

/** For each guard that is gone the atoms that then get through; what is neither stopped nor through is named as it is. */
async function rowFor(target: PracticeTarget, gone: readonly Guard[]): Promise<string[]> {
  target.without(...gone)
  const through: string[] = []
  for (const atom of atoms) {
    const { outcome, detail } = await makeAttack(atom, await target.attacked())
    if (outcome === 'broken') through.push(atom.id)
    else if (outcome !== 'held') through.push(`${atom.id}: ${outcome}, ${detail}`)
  }
  return through
}

describe('guards and atoms', () => {
  let target: PracticeTarget
  beforeAll(async () => {
    target = await startPracticeTarget()
  })
  afterAll(() => target.close())

  test('there is one atom for each guard', () => {
    expect(atoms.map(({ guard }) => guard).sort()).toEqual([...guards].sort())
  })

  test('with every guard up nothing gets through', async () => {
    expect(await rowFor(target, [])).toEqual([])
  })

  test('the same attacks come to the same again', async () => {
    const some = ['commands', 'rate', 'host'] as const
    const [first, second] = [await rowFor(target, some), await rowFor(target, some)]
    expect(first).toHaveLength(some.length)
    expect(second).toEqual(first)
  })

  test.each(guards)('without %s its own atom gets through, and no other', async (guard) => {
    expect(await rowFor(target, [guard])).toEqual(atoms.filter((atom) => atom.guard === guard).map(({ id }) => id))
  })
})
