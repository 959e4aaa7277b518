import { measureCorpus, measureHeldOut, measureProse } from '@upkeep/lab/corpus/measure'
import { floors } from '@upkeep/lab/corpus/read-corpus'
import { machineLine } from './machine.ts'

/** Precision and recall of the static checks on the practice corpus, each class by itself, beside the floors set before measuring. */
function main(): void {
  console.log(`static-checks: our own labelled practice corpus (lab/corpus) · ${machineLine()}`)
  const least = floors()
  const start = performance.now()
  const classes = [...measureCorpus(), ...measureHeldOut()]
  const milliseconds = performance.now() - start
  for (const { name, positives, nearMisses, precision, recall, wrong } of classes) {
    const counts = `n = ${positives} positives + ${nearMisses} near-misses`
    const rates = `precision ${precision.toFixed(3)} · recall ${recall.toFixed(3)}`
    console.log(`${name} · ${counts} · ${rates}${wrong.length === 0 ? '' : ` · wrong: ${wrong.join(', ')}`}`)
  }
  const prose = measureProse()
  console.log(
    prose === null
      ? 'prose of mcp-security.io: skipped, ../shared/data/injection-dev.jsonl is not there'
      : `prose of mcp-security.io · n = ${prose.n} · taken for an attack: ${prose.flagged} (at most ${least['prose-false-alarms'].most * 100} %)`,
  )
  const [floor, held] = [least['code-sinks'], least['held-out']]
  console.log(
    `floors of each class: precision ${floor.precision}, recall ${floor.recall}; held out: ${held.precision}, ${held.recall}`,
  )
  console.log(`all cases in ${milliseconds.toFixed(0)} ms`)
}

main()
