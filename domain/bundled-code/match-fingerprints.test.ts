import { describe, expect, test } from 'vitest'
import { type PackageFingerprints, wordHash } from './fingerprints.ts'
import { matchFingerprints } from './match-fingerprints.ts'

/** Four classes of eight words each in 1.0 to 1.2; the last class gains a word in 1.1 and loses another in 1.2. */
const classes = ['first', 'second', 'third', 'fourth']
const wordsOf = (name: string) => Array.from({ length: 8 }, (_, index) => `${name} sentence number ${index}`)
const table = [...classes.flatMap(wordsOf), 'gained in version 1.1', 'kept until version 1.1']
const at = (words: string[]) => words.map((word) => table.indexOf(word))
const known: PackageFingerprints = {
  ecosystem: 'npm',
  name: 'known',
  family: 'known',
  gates: ['sentence'],
  versions: ['1.0.0', '1.1.0', '1.2.0'],
  words: table.map(wordHash),
  tells: table.map((word, index) => ({
    word: index,
    versions: word.startsWith('gained') ? [[1, 2]] : word.startsWith('kept') ? [[0, 1]] : [[0, 2]],
  })),
  units: classes.map((name) => ({
    name,
    own: at(wordsOf(name)),
    forms:
      name === 'fourth'
        ? [
            { versions: [[0, 0]], words: at([...wordsOf(name), 'kept until version 1.1']) },
            { versions: [[1, 1]], words: at([...wordsOf(name), 'kept until version 1.1', 'gained in version 1.1']) },
            { versions: [[2, 2]], words: at([...wordsOf(name), 'gained in version 1.1']) },
          ]
        : [{ versions: [[0, 2]], words: at(wordsOf(name)) }],
  })),
}

function versionsIn(...words: string[]) {
  return matchFingerprints(new Set(words), known)?.versions
}

const all = classes.flatMap(wordsOf)

describe('matchFingerprints', () => {
  test('a word gained and a word lost tell the versions apart', () => {
    expect(versionsIn(...all, 'kept until version 1.1')).toEqual(['1.0.0'])
    expect(versionsIn(...all, 'kept until version 1.1', 'gained in version 1.1')).toEqual(['1.1.0'])
    expect(versionsIn(...all, 'gained in version 1.1')).toEqual(['1.2.0'])
  })

  test('a class that was left out says nothing: every version that fits the rest', () => {
    expect(versionsIn(...classes.slice(0, 3).flatMap(wordsOf))).toEqual(['1.0.0', '1.1.0', '1.2.0'])
  })

  test('what no version has is no version, and the nearest are named', () => {
    const match = matchFingerprints(new Set([...all.slice(1), 'gained in version 1.1']), known)
    expect(match).toMatchObject({ versions: [], nearest: ['1.2.0'], found: { against: 1 } })
    expect(match?.confidence).toBeLessThan(
      matchFingerprints(new Set([...all, 'gained in version 1.1']), known)?.confidence ?? 0,
    )
  })

  test.each([
    ['two of four classes', [...wordsOf('first'), ...wordsOf('second')]],
    ['a few words of each', classes.flatMap((name) => wordsOf(name).slice(0, 4))],
    ['other words', Array.from({ length: 50 }, (_, index) => `other words number ${index}`)],
  ])('%s are not enough', (_name, words) => {
    expect(matchFingerprints(new Set(words), known)).toBeNull()
  })
})
