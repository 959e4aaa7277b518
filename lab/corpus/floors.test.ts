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

  test('at least sixty cases each of code sinks in either language, poisoned metadata and typosquats, half of them near-misses', () => {
    const names = ['code-sinks, JavaScript', 'code-sinks, Python', 'poisoned-metadata', 'typosquats']
    for (const name of names) {
      const { positives = 0, nearMisses = 0 } = classes.find((one) => one.name === name) ?? {}
      expect(positives + nearMisses, name).toBeGreaterThanOrEqual(60)
      expect(nearMisses, name).toBeGreaterThanOrEqual(positives)
    }
  })

  test.skipIf(prose === null)('prose about attacks, of mcp-security.io in ../shared, is no attack', () => {
    expect(prose?.n).toBeGreaterThan(300)
    expect((prose?.flagged ?? 0) / (prose?.n ?? 1)).toBeLessThanOrEqual(least['prose-false-alarms'].most)
  })
})
