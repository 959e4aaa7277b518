import { readFileSync } from 'node:fs'
import { type AttackAtom, AttackAtoms } from '@upkeep/contract/attack-atom'
import { atomPack } from './installed-files.ts'

/** The attack atoms of the product. */
export function installedAtoms(): AttackAtom[] {
  return AttackAtoms.parse(JSON.parse(readFileSync(atomPack(), 'utf8')))
}
