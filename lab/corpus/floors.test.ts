import { describe, expect, test } from 'vitest'
import { measureCorpus, measureHeldOut, measureProse } from './measure.ts'
import { floors } from './read-corpus.ts'

const least = floors()
const classes = measureCorpus()
const prose = measureProse()
const rows = [...classes, ...measureHeldOut()].map((one) => [one.name, one] as const)

function floorOf(name: string): { precision: number; recall: number } {
  if (name.startsWith('held-out')) return least['held-out']
  if (name.startsWith('code-sinks')) return least['code-sinks']
  if (name === 'poisoned-metadata' || name === 'typosquats' || name === 'secrets-in-source') return least[name]
  throw new Error(`no floor for ${name}`)
}

describe('the static checks on the practice corpus', () => {
  test.each(rows)('%s: precision and recall above the floor', (name, one) => {
    const floor = floorOf(name)
    expect(one.precision, `wrong: ${one.wrong.join(', ')}`).toBeGreaterThanOrEqual(floor.precision)
    expect(one.recall, `wrong: ${one.wrong.join(', ')}`).toBeGreaterThanOrEqual(floor.recall)
  })

  test('at least sixty cases of code sinks, poisoned metadata and typosquats, half of them near-misses', () => {
    const code = classes.filter((one) => one.name.startsWith('code-sinks'))
    const sums = [
      code,
      ...classes
        .filter((one) => !one.name.startsWith('code-sinks'))
        .slice(0, 2)
        .map((one) => [one]),
    ]
    for (const sum of sums) {
      const positives = sum.reduce((total, one) => total + one.positives, 0)
      const nearMisses = sum.reduce((total, one) => total + one.nearMisses, 0)
      expect(positives + nearMisses).toBeGreaterThanOrEqual(60)
      expect(nearMisses).toBeGreaterThanOrEqual(positives)
    }
  })

  test.skipIf(prose === null)('prose about attacks, of mcp-security.io in ../shared, is no attack', () => {
    expect(prose?.n).toBeGreaterThan(300)
    expect((prose?.flagged ?? 0) / (prose?.n ?? 1)).toBeLessThanOrEqual(least['prose-false-alarms'].most)
  })
})
