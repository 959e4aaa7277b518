import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Ecosystem, lineageOrder, type PlacedVersion, placeVersion, plainOrder } from './version-order.ts'

const shared = join(import.meta.dirname, '../../../shared/data/version-compare')

interface Vector {
  line: string
  left: string
  operator: string
  right: string
}

function vectors(file: string): Vector[] {
  const lines = readFileSync(join(shared, file), 'utf8').split('\n')
  return lines.flatMap((line) => {
    const text = line.trim()
    if (text === '' || text.startsWith('//')) return []
    const found = /^(\S+) (<|=|>) (\S+)$/.exec(text)
    // A line that is not understood is a vector that would not be run.
    if (found === null) throw new Error(`a line that is no comparison: ${text}`)
    return [{ line, left: found[1] ?? '', operator: found[2] ?? '', right: found[3] ?? '' }]
  })
}

const signs: Record<string, number> = { '<': -1, '=': 0, '>': 1 }

/** A pair that cannot be ordered must be said to be so; a wrong order is the only failure. */
function compareAll(ecosystem: Ecosystem, file: string): { ordered: number; notOrdered: string[] } {
  const notOrdered: string[] = []
  const all = vectors(file)
  for (const { line, left, operator, right } of all) {
    const order = plainOrder(ecosystem, left, right)
    if (order === null) notOrdered.push(line)
    else expect(Math.sign(order), line).toBe(signs[operator])
  }
  return { ordered: all.length - notOrdered.length, notOrdered }
}

describe('plain order', () => {
  test.skipIf(!existsSync(shared))('SemVer vectors of ../shared/data/version-compare', () => {
    const { ordered, notOrdered } = compareAll('npm', 'semver-versions.txt')
    expect(ordered).toBeGreaterThan(70)
    // Numbers beyond 2^53: npm refuses such versions, and so do we.
    expect(notOrdered.every((line) => line.includes('9999999999'))).toBe(true)
  })

  test.skipIf(!existsSync(shared))('PEP 440 vectors of ../shared/data/version-compare', () => {
    const { ordered, notOrdered } = compareAll('PyPI', 'pypi-versions.txt')
    expect(ordered).toBeGreaterThan(15)
    for (const line of notOrdered) {
      const parts = line.split(/ [<=>] /)
      expect(
        parts.some((version) => placeVersion('PyPI', version) === null),
        line,
      ).toBe(true)
    }
  })

  test.each([
    ['npm', '1.0.0-alpha', '1.0.0-alpha.1', -1],
    ['npm', '1.0.0-rc.1', '1.0.0', -1],
    ['npm', '1.2.3+build', '1.2.3+other', 0],
    ['npm', 'v1.2.3', '1.2.3', 0],
    ['npm', '1.2', '1.2.0', 0],
    ['npm', '0.10.0', '0.9.0', 1],
    ['PyPI', '1.0.dev1', '1.0a1', -1],
    ['PyPI', '1.0.post1', '1.0', 1],
    ['PyPI', '1!0.1', '2024.1', 1],
    ['PyPI', '1.0', '1.0.0', 0],
  ] as const)('%s %s, %s', (ecosystem, left, right, sign) => {
    expect(Math.sign(plainOrder(ecosystem, left, right) ?? Number.NaN)).toBe(sign)
  })

  test.each([
    ['npm', 'latest'],
    ['npm', '^1.0.0'],
    ['npm', ''],
    ['npm', `1.0.0-${'a'.repeat(300)}`],
    ['npm', '99999999999999999999.0.0'],
    ['PyPI', '0.1-bulbasaur'],
  ] as const)('%s cannot place %s', (ecosystem, text) => {
    expect(placeVersion(ecosystem, text)).toBeNull()
  })
})

describe('lineage', () => {
  test.each([
    ['npm', '2025.3.28', 'dated'],
    ['npm', '2024.12.1-beta.1', 'dated'],
    ['npm', '2.0.1', 'numbered'],
    ['npm', '0.0.20240102', 'numbered'],
    ['npm', '2013.99.1', 'numbered'],
    ['npm', '20250328.0.0', 'numbered'],
    ['PyPI', '2025.3.28', 'numbered'],
  ] as const)('%s %s is %s', (ecosystem, text, lineage) => {
    expect(placeVersion(ecosystem, text)?.lineage).toBe(lineage)
  })

  test('2.0.1 is neither older nor newer than 2025.7.1', () => {
    expect(lineageOrder(placed('2.0.1'), placed('2025.7.1'))).toBeNull()
    expect(lineageOrder(placed('2025.3.28'), placed('2025.7.1'))).toBeLessThan(0)
  })
})

function placed(text: string): PlacedVersion {
  const version = placeVersion('npm', text)
  if (version === null) throw new Error(`${text} cannot be placed`)
  return version
}

describe('properties', () => {
  const version = fc
    .tuple(fc.nat(40), fc.nat(40), fc.nat(40), fc.constantFrom('', '-0', '-rc.1', '-rc.10', '-a.b', '+x'))
    .map(([a, b, c, tail]) => `${a}.${b}.${c}${tail}`)

  test('the order is total: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, ba, bc, ac] = [[a, b] as const, [b, a] as const, [b, c] as const, [a, c] as const].map(([x, y]) =>
          Math.sign(plainOrder('npm', x, y) ?? Number.NaN),
        )
        expect((ab ?? 0) + (ba ?? 0)).toBe(0)
        if ((ab ?? 0) <= 0 && (bc ?? 0) <= 0) expect(ac).toBeLessThanOrEqual(0)
      }),
    )
  })
})
