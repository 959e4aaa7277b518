import type { Finding } from '@upkeep/contract/finding'
import { z } from 'zod'
import type { Item } from './report-model.ts'

/** What a finding about a published advisory states in its facts, whichever duty drew it. */
const AdvisoryFacts = z.object({
  advisory: z.string(),
  aliases: z.array(z.string()),
  package: z.string(),
  version: z.string(),
  says: z.string(),
})
type AdvisoryFacts = z.infer<typeof AdvisoryFacts>

/** Advisories by the name that people know them by, what they are about, and what the worst of them says. */
export interface AdvisoryWords {
  ids: readonly string[]
  package: string
  versions: readonly string[]
  says: string
}

/** The advisories that an item is about; null where it is about none, or about more than one package. */
export function advisoryWords(item: Pick<Item, 'findings'>): AdvisoryWords | null {
  const facts = item.findings.map(factsOf).filter((one) => one !== null)
  const [worst] = facts
  if (worst === undefined) return null
  if (facts.some((one) => one.package !== worst.package)) return null
  return {
    ids: [...new Set(facts.map(knownAs))],
    package: worst.package,
    versions: [...new Set(facts.map((one) => one.version))],
    says: withoutPackage(worst),
  }
}

function factsOf(finding: Finding): AdvisoryFacts | null {
  const parsed = AdvisoryFacts.safeParse(finding.statement.facts)
  return parsed.success ? parsed.data : null
}

/** The CVE where it has one: that is what others search for. */
function knownAs({ advisory, aliases }: AdvisoryFacts): string {
  return aliases.find((alias) => alias.startsWith('CVE-')) ?? advisory
}

/** The package stands beside the quotation already. */
function withoutPackage(facts: AdvisoryFacts): string {
  const heads = [facts.package, withoutScope(facts.package)].map((name) => `${name}: `)
  const head = heads.find((one) => facts.says.startsWith(one)) ?? ''
  return facts.says.slice(head.length)
}

/** `server-filesystem` for `@modelcontextprotocol/server-filesystem`: for a line that has no room, beside one that says it whole. */
export function withoutScope(name: string): string {
  return name.split('/').at(-1) ?? name
}

/** `a, b and 3 more`. */
export function fewOf(texts: readonly string[], most: number): string {
  const shown = texts.slice(0, most)
  const left = texts.length - shown.length
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ')
}
