import type { Combination, ImpactSheet, ServerImpact } from '@upkeep/contract/impact-sheet'

/** What the risk of a change is judged by. */
export interface RiskInput {
  readonly servers: readonly ServerImpact[]
  readonly newCombinations: readonly Combination[]
  readonly irreversible: readonly string[]
}

type Level = ImpactSheet['risk']
type Judgement = Pick<ImpactSheet, 'risk' | 'approvals' | 'why'>

const order: readonly Level[] = ['low', 'medium', 'high']

/** How bad a change can be, each reason named. What is not known weighs as much as what is known to be wrong by a little. */
export function riskOf(input: RiskInput): Judgement {
  const reasons = [...wholeReasons(input), ...input.servers.flatMap(serverReasons)]
  const level = Math.max(0, ...reasons.map(([level]) => order.indexOf(level)))
  const risk = order[level] ?? 'high'
  const why =
    reasons.length === 0
      ? ['nothing that a server offers, reaches or is handed changes, and it can be taken back whole']
      : reasons.map(([, why]) => why)
  return { risk, approvals: risk === 'high' ? 2 : 1, why: [...new Set(why)] }
}

type Reason = readonly [Level, string]

function wholeReasons({ newCombinations, irreversible }: RiskInput): Reason[] {
  return [
    ...newCombinations.map(
      ({ client, untrusted, private: data, outbound }): Reason => [
        'high',
        `in ${client}, untrusted text (${untrusted.join(', ')}), private data (${data.join(', ')}) and a way out (${outbound.join(', ')}) come together`,
      ],
    ),
    ...(irreversible.length > 0 ? [['high', 'it cannot be taken back whole'] as const] : []),
  ]
}

function serverReasons(one: ServerImpact): Reason[] {
  const { server, is, surface, roots, unasked, egress, listeners, advisories, variables, components } = one
  const found: Reason[] = []
  if (is === 'added') found.push(['medium', `${server} is new`])
  if (advisories.opened.length > 0) found.push(['high', `${server}: it brings ${advisories.opened.join(', ')}`])
  found.push(...rootReasons(server, roots))
  if (unasked.added.length > 0) found.push(['high', `${server}: ${unasked.added.join(', ')} is called without asking`])
  if (variables.added.length > 0) found.push(['medium', `${server}: it is handed ${variables.added.join(', ')}`])
  if (egress.added.length > 0) found.push(['medium', `${server}: it reaches for ${egress.added.join(', ')}`])
  if (listeners.added.length > 0) found.push(['medium', `${server}: it listens on ${listeners.added.join(', ')}`])
  // Where nothing was installed before either, no knowledge is lost: it is said, and weighs no more than it did.
  const neverKnown = 'unknown' in components && components.unknown.includes(' before ')
  if (surface.state === 'unknown' && is !== 'removed')
    found.push([neverKnown && is === 'changed' ? 'low' : 'medium', `${server}: ${surface.reason}`])
  if (surface.state === 'compared') found.push(...surfaceReasons(server, is, surface.changes))
  return found
}

/** A folder inside one that it gives up for it is no wider reach; any other is, and so is one more. */
function rootReasons(server: string, { added, removed }: ServerImpact['roots']): Reason[] {
  if (added.length === 0) return []
  const reaches = `${server}: it reaches ${added.join(', ')}`
  const isNarrower = added.length <= removed.length && added.every((root) => removed.some((was) => isInside(root, was)))
  return [isNarrower ? ['low', `${reaches}, inside what it reached`] : ['medium', reaches]]
}

function isInside(path: string, folder: string): boolean {
  const above = folder.endsWith('/') ? folder : `${folder}/`
  return path.startsWith(above) && !path.split(/[\\/]/).includes('..')
}

/** Kinds of changes of a surface that are other words for a model and nothing else. */
export const textKinds: readonly string[] = ['description-changed', 'instructions-changed', 'title-changed']

/** Seen in the sandbox and shown to whoever approves, more tools and other texts are of low risk, and never no impact: a model acts on them. */
function surfaceReasons(server: string, is: ServerImpact['is'], changes: readonly { kind: string }[]): Reason[] {
  if (is !== 'changed') return []
  const count = (...kinds: readonly string[]) => changes.filter(({ kind }) => kinds.includes(kind)).length
  const gone = count('tool-removed')
  const came = count('tool-added')
  const told = count(...textKinds)
  const other = changes.length - gone - came - told
  return [
    ...(gone > 0 ? [['medium', `${server}: ${gone} tools are no longer there`] as const] : []),
    ...(came > 0 ? [['low', `${server}: ${came} tools are new, seen in the sandbox`] as const] : []),
    ...(told > 0 ? [['low', `${server}: ${told} texts that a model reads are others`] as const] : []),
    ...(other > 0 ? [['low', `${server}: ${other} further changes of what it takes or gives`] as const] : []),
  ]
}
