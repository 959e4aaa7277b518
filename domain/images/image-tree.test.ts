import { type TarPiece, writeTar } from '@upkeep/lab/archives/write-tar'
import { describe, expect, test } from 'vitest'
import { readTar } from '../archives/tar.ts'
import { imageTree } from './image-tree.ts'

/** The files of an image made of these layers, as `path=content`. */
function filesOf(...layers: TarPiece[][]): string[] {
  return built(...layers).files
}

function built(...layers: TarPiece[][]): { files: string[]; refused: string[] } {
  const tree = imageTree<string>()
  const refused = layers.flatMap((pieces) =>
    tree.add(readTar(writeTar(pieces), 100_000).entries, (_path, entry) => Buffer.from(entry.bytes).toString('utf8')),
  )
  return { files: tree.kept().map(({ path, value, layer }) => `${path}=${value}@${layer}`), refused }
}

const file = (path: string, content = 'x'): TarPiece => ({ path, content })
const link = (path: string, target: string): TarPiece => ({ path, type: '2', target })

describe('imageTree', () => {
  test.each<[string, TarPiece[][], string[]]>([
    ['the upper file counts', [[file('a', '1')], [file('a', '2')]], ['a=2@1']],
    ['a whiteout removes a file of a lower layer', [[file('d/a'), file('d/b')], [file('d/.wh.a', '')]], ['d/b=x@0']],
    ['a whiteout removes a folder and all below it', [[file('d/e/a'), file('f')], [file('.wh.d', '')]], ['f=x@0']],
    ['a whiteout spares its own layer', [[file('d/a', '1')], [file('d/.wh.a', ''), file('d/a', '2')]], ['d/a=2@1']],
    ['and whichever comes first', [[file('d/a', '1')], [file('d/a', '2'), file('d/.wh.a', '')]], ['d/a=2@1']],
    [
      'an opaque folder hides what was in it',
      [
        [file('d/a'), file('d/e/b'), file('c')],
        [file('d/.wh..wh..opq', ''), file('d/n')],
      ],
      ['c=x@0', 'd/n=x@1'],
    ],
    ['a name that only begins alike stays', [[file('dd/a'), file('d/a')], [file('.wh.d', '')]], ['dd/a=x@0']],
    ['a file in place of a folder', [[file('d/a')], [file('d', 'f')]], ['d=f@1']],
    ['a folder in place of a file', [[file('d', 'f')], [{ path: 'd/', type: '5' }, file('d/a')]], ['d/a=x@1']],
    ['a link in place of a file', [[file('a')], [link('a', 'b')]], []],
    ['removed, and put there again', [[file('a', '1')], [file('.wh.a', '')], [file('a', '3')]], ['a=3@2']],
    [
      'a hard link is the file that it names',
      [[file('a', '1')], [{ path: 'b', type: '1', target: 'a' }]],
      ['a=1@0', 'b=1@1'],
    ],
    ['a link to a folder on the way', [[link('lib', 'usr/lib'), file('lib/a', '1')], [file('usr/lib/.wh.a', '')]], []],
    ['an absolute link starts at the root', [[link('x/l', '/y'), file('x/l/a')]], ['y/a=x@0']],
  ])('%s', (_name, layers, files) => {
    expect(filesOf(...layers)).toEqual(files)
  })

  test.each([
    ['a path upwards', [file('../../etc/passwd')]],
    ['a path upwards on the way', [file('a/../../b')]],
    ['links in a circle', [link('a', 'b'), link('b', 'a'), file('a/x')]],
  ])('%s is left out, and that is said', (_name, pieces) => {
    expect(built(pieces)).toEqual({ files: [], refused: [expect.stringMatching(/^1 entries lead out of the root/)] })
  })

  test('a link that climbs above the root stays at the root', () => {
    expect(filesOf([link('l', '../../../etc'), file('l/a')])).toEqual(['etc/a=x@0'])
  })

  test('marks over marks end, and that is said', () => {
    const kept = Array.from({ length: 3_000 }, (_, index) => file(`d/${index}/package`))
    const marks = Array.from({ length: 30_000 }, () => file('d/.wh..wh..opq', ''))
    const tree = imageTree<string>()
    tree.add(readTar(writeTar(kept), 100_000).entries, () => 'x')
    const again = readTar(writeTar([...kept.slice(0, 2_900), ...marks]), 1_000_000).entries
    expect(tree.add(again, () => 'x')).toEqual([expect.stringContaining('takes away more')])
  })
})
