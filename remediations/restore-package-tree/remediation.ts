import type { Refusal } from '@upkeep/contract/ports'
import { defineRemediation, type FileEffect } from '@upkeep/contract/remediation'
import { untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { keptArchive } from './kept-archive.ts'
import { notInArchives } from './not-in-archives.ts'
import { restorePackage } from './restore-package.ts'

/** As many files as one plan holds. */
const maxEffects = 1_900

/** Puts the files of an installed tree back to what its packages were published as, out of archives that are kept here. No registry is asked. */
export const restorePackageTree = defineRemediation({
  makes: 'restore-package-tree',
  version: 1,
  title: 'Put an installed tree back to what its packages were published as',
  reaches: ['files', 'archives', 'places'],
  preview({ path, server, packages }, ports) {
    const effects: FileEffect[] = []
    const left: string[] = []
    const summary: string[] = []
    for (const { at, name, version, integrity, scripts } of packages) {
      const archive = keptArchive(integrity, ports.places.keptObjects(), ports)
      if (typeof archive === 'string') return refused(`${name} ${version}: ${archive}`)
      const restored = restorePackage(`${path}/${at}`, archive, scripts, ports.files)
      effects.push(...restored.effects)
      left.push(...restored.left)
      if (restored.effects.length > 0)
        summary.push(
          `${name} ${version}: ${restored.effects.length} files become what they were published as (${integrity.slice(0, 27)}…)`,
        )
      if (effects.length > maxEffects)
        return refused(`more than ${maxEffects} files of ${path} differ: install it anew instead`)
    }
    left.push(...notInArchives(path, new Set(packages.map(({ at }) => at)), ports.files))
    const whole = `${counted(packages.length)} of ${server} held against what is kept under its digest`
    return {
      state: 'possible',
      effects,
      summary: [...summary, whole],
      limits: [untilRestarted, ...left],
      irreversible: [],
    }
  },
})

function counted(packages: number): string {
  return packages === 1 ? 'one package' : `${packages} packages`
}

function refused(reason: string): Refusal {
  return { state: 'unavailable', code: 'not-supported', reason }
}
