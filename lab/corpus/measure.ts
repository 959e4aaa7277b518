import { findPoison } from '@upkeep/domain/poisoned-metadata/find-poison'
import { findSinks } from '@upkeep/domain/static-code/find-sinks'
import { findSourceSecrets } from '@upkeep/domain/static-code/source-secrets'
import { judgeName } from '@upkeep/domain/typosquat/judge-name'
import {
  type CodeCase,
  codeCases,
  knownNames,
  metadataCases,
  nameCases,
  proseAboutAttacks,
  secretCases,
} from './read-corpus.ts'

/** What one case should come to, and what it came to. */
interface Judged {
  id: string
  expected: readonly string[]
  found: readonly string[]
}

/** How well one class of cases is told apart. `wrong` names every case that was judged otherwise than labelled. */
export interface Measured {
  name: string
  positives: number
  nearMisses: number
  /** Of what was reported, the share that was labelled so. */
  precision: number
  /** Of what was labelled, the share that was reported. */
  recall: number
  wrong: readonly string[]
}

/** Every class of the corpus, each by itself. */
export function measureCorpus(): Measured[] {
  const names = knownNames()
  return [
    measured('code-sinks, JavaScript', codeCases('javascript').map(judgeCode)),
    measured('code-sinks, Python', codeCases('python').map(judgeCode)),
    measured('poisoned-metadata', metadataCases().map(judgeMetadata)),
    measured(
      'typosquats',
      nameCases().map((one) => {
        const imitation = judgeName(one.name, one.ecosystem, names[one.ecosystem])
        return { id: one.id, expected: listed(one.imitates), found: listed(imitation?.imitates ?? null) }
      }),
    ),
    measured(
      'secrets-in-source',
      secretCases().map((one) => ({
        id: one.id,
        expected: listed(one.kind),
        found: unique(findSourceSecrets(one.text).map((secret) => secret.kind)),
      })),
    ),
  ]
}

/** The second corpus, which was written after the rules: nothing was changed for the sake of its cases. */
export function measureHeldOut(): Measured[] {
  return [
    measured('held-out code-sinks, JavaScript', codeCases('javascript', 'held-out').map(judgeCode)),
    measured('held-out code-sinks, Python', codeCases('python', 'held-out').map(judgeCode)),
    measured('held-out poisoned-metadata', metadataCases('held-out').map(judgeMetadata)),
  ]
}

/** Prose about attacks, read as if it described tools: how much of it is taken for an attack. Null where the file is not there. */
export function measureProse(): { n: number; flagged: number } | null {
  const texts = proseAboutAttacks()
  if (texts === null) return null
  const tool = { name: 'page', title: null, inputSchema: null, outputSchema: null, annotations: null }
  const flagged = texts.filter(
    (text) => findPoison({ tools: [{ ...tool, description: text }], instructions: null }).found.length > 0,
  )
  return { n: texts.length, flagged: flagged.length }
}

function judgeMetadata(one: ReturnType<typeof metadataCases>[number]): Judged {
  return { id: one.id, expected: one.kinds, found: unique(findPoison(one).found.map((poison) => poison.kind)) }
}

function judgeCode(one: CodeCase): Judged {
  const reading = findSinks(one.text, one.language)
  const found = reading.state === 'read' ? reading.reached.map((reached) => reached.kind) : []
  return { id: one.id, expected: listed(one.kind), found: unique(found) }
}

function listed(value: string | null): string[] {
  return value === null ? [] : [value]
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

/** A positive is found when one of its labels is. A report is wrong when none of the labels is among it: on a near-miss any report is. */
function measured(name: string, cases: readonly Judged[]): Measured {
  const isRight = ({ expected, found }: Judged) => found.some((one) => expected.includes(one))
  const positives = cases.filter((one) => one.expected.length > 0)
  const reported = cases.filter((one) => one.found.length > 0)
  const right = cases.filter(isRight)
  return {
    name,
    positives: positives.length,
    nearMisses: cases.length - positives.length,
    precision: reported.length === 0 ? 0 : right.length / reported.length,
    recall: positives.length === 0 ? 0 : right.length / positives.length,
    wrong: cases
      .filter((one) => (one.expected.length > 0 || one.found.length > 0) && !isRight(one))
      .map((one) => one.id),
  }
}
