import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PackageFingerprints, wordHash } from '@upkeep/domain/bundled-code/fingerprints'

const classes = ['Opener', 'Reader', 'Writer', 'Closer']

function sentences(name: string): string[] {
  return Array.from({ length: 8 }, (_, index) => `${name} refused for reason number ${index}`)
}

/** A script of one version of the package `small`: four classes; 2.0.0 has one sentence more. */
export function scriptOf(version: '1.0.0' | '2.0.0'): string {
  const lines = classes.map((name) => {
    const said = [...sentences(name), ...(version === '2.0.0' && name === 'Closer' ? ['only the second has this'] : [])]
    return `class ${name} { say(which) { return ${JSON.stringify(said)}[which] } }`
  })
  return `${lines.join('\n')}\nglobalThis.all = [${classes.join(', ')}]\n`
}

/** Writes an index that knows `small` to a folder, and returns the folder. */
export function makeIndex(folder: string): string {
  const words = [...classes.flatMap(sentences), 'only the second has this']
  const at = (some: string[]) => some.map((word) => words.indexOf(word))
  const small: PackageFingerprints = {
    ecosystem: 'npm',
    name: 'small',
    family: 'small',
    gates: ['refused'],
    versions: ['1.0.0', '2.0.0'],
    words: words.map(wordHash),
    tells: words.map((word, index) => ({ word: index, versions: [[word.startsWith('only') ? 1 : 0, 1]] })),
    units: classes.map((name) => ({
      name,
      own: at(sentences(name)),
      forms:
        name === 'Closer'
          ? [
              { versions: [[0, 0]], words: at(sentences(name)) },
              { versions: [[1, 1]], words: at([...sentences(name), 'only the second has this']) },
            ]
          : [{ versions: [[0, 1]], words: at(sentences(name)) }],
    })),
  }
  mkdirSync(join(folder, 'generated'), { recursive: true })
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ id: 'test', version: '1.0.0', digest: '' }))
  writeFileSync(join(folder, 'generated', 'small.json'), JSON.stringify(small))
  return folder
}
