import { readFileSync } from 'node:fs'
import type { ServerProbe } from '@upkeep/contract'
import { AttackAtoms } from '@upkeep/contract/attack-atom'
import { atomProbe } from '@upkeep/domain/attacks/atom-probe'
import { atomPack } from './installed-files.ts'

/** The attack atoms of the product as probes of a server's own bytes. */
export function atomProbes(): ServerProbe[] {
  return AttackAtoms.parse(JSON.parse(readFileSync(atomPack(), 'utf8'))).map((atom) => atomProbe(atom))
}
