import { describe, expect, test } from 'vitest'
import { escaped, shutOutBy } from './escaped.ts'

const link = {
  probe: 'filesystem-symlink',
  version: 1,
  title: 'a link',
  tries: { kind: 'weakness' as const, ids: ['CVE-1', 'GHSA-1'] },
  detail: 'it read a file outside',
  attempts: 2,
  transcript: [],
}
const size = { ...link, probe: 'atom-size', tries: { kind: 'control' as const, control: 'size' } }
const passed = { name: 'fs: probes', outcome: 'passed' as const, detail: '' }

function closing(facts: Record<string, unknown>) {
  return [{ statement: { facts } }]
}

describe('an attack that gets through after a change', () => {
  test.each([
    [
      'the tests showed that it did not',
      shutOutBy([{ ...passed, held: ['filesystem-symlink'] }], [], []),
      'it held before',
    ],
    ['an earlier run showed that it did not', shutOutBy([], [{ ...link, outcome: 'held' }], []), 'it held before'],
    [
      'the change was to close it',
      shutOutBy([], [], closing({ advisory: 'X', aliases: ['CVE-1'] })),
      'it was to be closed',
    ],
    ['by what a probe showed', shutOutBy([], [], closing({ weaknesses: ['GHSA-1'] })), 'it was to be closed'],
  ])('is held against it where %s', (_name, shut, why) => {
    expect(escaped([{ ...link, outcome: 'broken' }], shut)).toEqual([
      `ESCAPED: filesystem-symlink, CVE-1, GHSA-1; ${why} (it read a file outside)`,
    ])
  })

  test('a control that was shown to hold counts as well', () => {
    const shut = shutOutBy([{ ...passed, held: ['atom-size'] }], [], [])
    expect(escaped([{ ...size, outcome: 'broken' }], shut)).toEqual([
      'ESCAPED: atom-size; it held before (it read a file outside)',
    ])
  })

  test.each([
    [
      'it worked before as well',
      { ...link, outcome: 'broken' as const },
      shutOutBy([passed], [{ ...link, outcome: 'broken' }], []),
    ],
    [
      'the change closes something else',
      { ...link, outcome: 'broken' as const },
      shutOutBy([], [], closing({ advisory: 'CVE-2', aliases: [7] })),
    ],
    ['it was shut out', { ...link, outcome: 'held' as const }, shutOutBy([], [{ ...link, outcome: 'held' }], [])],
    [
      'nothing was shown',
      { ...link, outcome: 'inconclusive' as const },
      shutOutBy([], [{ ...link, outcome: 'held' }], []),
    ],
  ])('is not where %s', (_name, result, shut) => {
    expect(escaped([result], shut)).toEqual([])
  })
})
