import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knownDistribution } from './distribution.ts'
import { type Ecosystem, placeVersion, plainOrder } from './version-order.ts'

function sign(ecosystem: Ecosystem, left: string, right: string): number {
  return Math.sign(plainOrder(ecosystem, left, right) ?? Number.NaN)
}

/** Each line goes from older to newer. */
const debLadders = [
  [
    '1.0~alpha1',
    '1.0~rc1',
    '1.0~rc1+b1',
    '1.0',
    '1.0-0.1',
    '1.0-1',
    '1.0-1+b1',
    '1.0-1+deb12u1',
    '1.0-2',
    '1.0a',
    '1.0+dfsg-1',
    '1.1',
  ],
  ['3.0.11-1~deb12u1', '3.0.11-1~deb12u2', '3.0.11-1', '3.0.13-1~deb12u1', '3.0.17-1~deb12u2', '1:0.1'],
  ['2.36-9', '2.36-9+deb12u3', '2.36-9+deb12u10', '2.36-10'],
  ['9', '10', '10.0', '10.1', '10.a', '10.+'],
  ['1.2.3', '1.2.3-1ubuntu0.1', '1.2.3-1ubuntu0.22.04.1', '1.2.3-1ubuntu1', '1.2.3-2'],
  ['1.0~~', '1.0~~a', '1.0~', '1.0'],
]
const apkLadders = [
  [
    '1.0_alpha',
    '1.0_alpha1',
    '1.0_alpha2',
    '1.0_beta',
    '1.0_pre1',
    '1.0_rc',
    '1.0_rc1',
    '1.0_rc1-r1',
    '1.0',
    '1.0-r0',
    '1.0-r1',
    '1.0-r10',
    '1.0_cvs1',
    '1.0_svn1',
    '1.0_git20240101',
    '1.0_hg1',
    '1.0_p1',
    '1.0_p1-r2',
    '1.0_p2',
    '1.0a',
    '1.0b',
    '1.0b-r1',
    '1.0.0',
    '1.0.1',
    '1.1',
    '1.9',
    '1.10',
    '2',
  ],
  ['3.1.4-r0', '3.1.4-r1', '3.1.4-r5', '3.1.4-r10', '3.1.7-r0', '3.3.0-r0'],
  ['1.01', '1.05', '1.1', '1.10'],
  ['9.3_p1-r0', '9.3_p2-r0', '9.6_p1-r0'],
  ['1.2.4_git20230717-r4', '1.2.5-r0', '1.2.5_git1-r0'],
  ['20230506-r0', '20240226-r0', '100000000000000000000-r0', '100000000000000000001-r0'],
  ['1.0_rc1_git1', '1.0_rc1_p1', '1.0_rc2', '1.0'],
]

describe('versions of packages of distributions', () => {
  test.each([
    ['Debian:12', debLadders],
    ['Ubuntu:22.04:LTS', debLadders],
    ['Alpine:v3.18', apkLadders],
    ['Wolfi', apkLadders],
  ] as const)('%s: each step of each ladder is newer than every one below', (ecosystem, ladders) => {
    for (const ladder of ladders)
      for (const [at, version] of ladder.entries()) {
        expect(sign(ecosystem, version, version)).toBe(0)
        for (const older of ladder.slice(0, at)) {
          expect(sign(ecosystem, older, version), `${older} < ${version}`).toBe(-1)
          expect(sign(ecosystem, version, older), `${version} > ${older}`).toBe(1)
        }
      }
  })

  test.each([
    ['Debian:12', '0:1.0-1', '1.0-1'],
    ['Debian:12', '1.0', '1.0-0'],
    ['Debian:12', '1.001-1', '1.1-1'],
    ['Alpine:v3.18', '01.1', '1.1'],
    ['Alpine:v3.18', '1.0-r01', '1.0-r1'],
  ] as const)('%s: %s is as new as %s', (ecosystem, left, right) => {
    expect(sign(ecosystem, left, right)).toBe(0)
  })

  test.each([
    ['Debian:12', ['', ':1', 'a:1', '1.0 ', '1.0_1', '1.0-', 'abc', '9999999999:1', '1/2']],
    ['Alpine:v3.18', ['', 'v1', '1.', '1.0-1', '1.0-r', '1.0_foo', '1.0ab', '1.0a1', '1.0_p1.2', '1.0~zz', '1:1.0']],
  ] as const)('%s cannot place what is not of its form', (ecosystem, texts) => {
    for (const text of texts) expect(placeVersion(ecosystem, text), text).toBeNull()
  })

  test('only releases that are named are known', () => {
    const names = ['Debian:12', 'Ubuntu:22.04:LTS', 'Ubuntu:23.10', 'Alpine:v3.18', 'Wolfi', 'Chainguard']
    for (const name of names) expect(knownDistribution(name)).toBe(name)
    const others = ['Debian', 'Debian:sid', 'Alpine:3.18', 'Alpine', 'Ubuntu', 'Ubuntu:Pro:18.04:LTS', 'Red Hat:9', '']
    for (const name of others) expect(knownDistribution(name), name).toBeNull()
  })
})

const piece = fc.constantFrom('0', '1', '9', '10', '007', 'a', 'b', 'rc', '.', '+', '~', '~~')
const deb = fc
  .tuple(
    fc.constantFrom('', '0:', '1:', '2:'),
    fc.nat(30),
    fc.array(piece, { maxLength: 5 }),
    fc.constantFrom('', '-0', '-1', '-1~x', '-1+b2', '-0.1', '-1ubuntu2'),
  )
  .map(([epoch, first, pieces, revision]) => `${epoch}${first}${pieces.join('')}${revision}`)
const number = fc.constantFrom('', '0', '1', '2', '10')
const suffix = fc
  .tuple(fc.constantFrom('_alpha', '_beta', '_pre', '_rc', '_cvs', '_svn', '_git', '_hg', '_p'), number)
  .map((both) => both.join(''))
const apk = fc
  .tuple(
    fc.nat(3),
    fc.array(fc.constantFrom('.0', '.1', '.01', '.05', '.10', '.9'), { maxLength: 3 }),
    fc.constantFrom('', 'a', 'b'),
    fc.array(suffix, { maxLength: 2 }),
    fc.constantFrom('', '-r0', '-r1', '-r10'),
  )
  .map(
    ([first, numbers, letter, suffixes, revision]) =>
      `${first}${numbers.join('')}${letter}${suffixes.join('')}${revision}`,
  )

describe('laws of order', () => {
  test.each([
    ['Debian:12', deb],
    ['Alpine:v3.18', apk],
  ] as const)('%s: antisymmetric and transitive', (ecosystem, version) => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, ba, bc, ac] = [
          sign(ecosystem, a, b),
          sign(ecosystem, b, a),
          sign(ecosystem, b, c),
          sign(ecosystem, a, c),
        ]
        expect(ab + ba).toBe(0)
        if (ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0)
      }),
      { numRuns: 2_000 },
    )
  })

  const withDpkg = spawnSync('dpkg', ['--version']).status === 0
  test.skipIf(!withDpkg)(
    `Debian's own tool says the same${withDpkg ? '' : ' (skipped: no dpkg here)'}`,
    () => {
      fc.assert(
        fc.property(fc.array(fc.tuple(deb, deb), { minLength: 40, maxLength: 40 }), (pairs) => {
          const script =
            'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo -1; elif dpkg --compare-versions "$a" gt "$b"; then echo 1; else echo 0; fi; done'
          const said = execFileSync('sh', ['-c', script], {
            input: `${pairs.map((pair) => pair.join(' ')).join('\n')}\n`,
            encoding: 'utf8',
          })
          expect(pairs.map(([a, b]) => `${a} ${b} ${sign('Debian:12', a, b)}`)).toEqual(
            said
              .trim()
              .split('\n')
              .map((word, index) => `${pairs[index]?.join(' ')} ${word}`),
          )
        }),
        { numRuns: 5 },
      )
    },
    60_000,
  )
})
