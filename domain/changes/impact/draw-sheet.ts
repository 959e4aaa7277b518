import type { ChangePlan } from '@upkeep/contract/change-plan'
import type { ImpactSheet, ServerImpact } from '@upkeep/contract/impact-sheet'
import { newCombinations } from './combinations.ts'
import { inWords } from './in-words.ts'
import { riskOf } from './risk-of.ts'
import { type Advised, serverImpact } from './server-impact.ts'
import type { ServerModel } from './server-model.ts'

/** What a sheet is drawn from. */
export interface SheetInput {
  readonly plan: ChangePlan
  readonly digest: string
  readonly was: readonly ServerModel[]
  readonly is: readonly ServerModel[]
  /** Advisories by the server's model, before and after alike. */
  advised: Advised
  /** What could not be looked at, and why. */
  readonly unknown: readonly string[]
}

/** Draws the impact sheet of a change. Pure: what was seen in, the sheet out, and the same again for the same input. */
export function drawSheet({ plan, digest, was, is, advised, unknown }: SheetInput): ImpactSheet {
  const before = new Map(was.map((one) => [one.id, one]))
  const after = new Map(is.map((one) => [one.id, one]))
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort()
  const servers = ids.flatMap((id) => serverImpact(before.get(id) ?? null, after.get(id) ?? null, advised) ?? [])
  const combinations = newCombinations(was, is)
  const touched = ids.filter((id) => {
    const model = after.get(id) ?? before.get(id)
    return servers.some(({ server, path }) => model?.declared.path === path && model.declared.name === server)
  })
  const people = touched.flatMap((id) => (after.get(id) ?? before.get(id))?.integrations?.owner ?? [])
  const head = { servers, newCombinations: combinations, irreversible: plan.irreversible }
  const { risk, approvals, why } = riskOf(head)
  const sheet = {
    format: 'upkeep-impact-sheet/1' as const,
    plan: digest,
    servers,
    files: plan.effects.map(({ path }) => path),
    newCombinations: combinations,
    affected: {
      clients: [...new Set(servers.map(({ client }) => client))].sort(),
      people: [...new Set(people)].sort(),
    },
    controls: controlsOf(plan, servers),
    tests: testsFor(servers),
    risk,
    approvals,
    why,
    unknown: [...unknown, ...servers.flatMap(notKnown)].slice(0, 2_000),
  }
  return { ...sheet, inWords: inWords(sheet) }
}

function notKnown({ server, is, surface, components }: ServerImpact): string[] {
  // Of what goes away nothing has to be known.
  if (is === 'removed') return []
  return [
    ...(surface.state === 'unknown' ? [`${server}: ${surface.reason}`] : []),
    ...('unknown' in components ? [`${server}: ${components.unknown}`] : []),
  ]
}

/** The guards that a change moves: what it opens or closes is looked at again by whoever answers for it. */
function controlsOf(plan: ChangePlan, servers: readonly ServerImpact[]): string[] {
  const moved = ({ added, removed }: { added: readonly string[]; removed: readonly string[] }) =>
    added.length + removed.length > 0
  const touched: [string, boolean][] = [
    ['approved tools', servers.some(({ surface }) => surface.state !== 'not-touched')],
    ['folders in reach', servers.some(({ roots }) => moved(roots))],
    ['secrets in the environment', servers.some(({ variables }) => moved(variables))],
    ['asking before a call', servers.some(({ unasked }) => moved(unasked))],
    ['way out to the network', servers.some(({ egress }) => moved(egress))],
    [
      'known vulnerabilities',
      servers.some(({ advisories }) => advisories.closed.length + advisories.opened.length > 0),
    ],
    ['rights on files', plan.inputs.some(({ kind }) => kind === 'set-file-mode')],
  ]
  return touched.flatMap(([name, is]) => (is ? [name] : []))
}

/** The tests that have to be passed, or waived by a person, before the change may be made. */
function testsFor(servers: readonly ServerImpact[]): string[] {
  const started = servers.filter(({ is, surface }) => is !== 'removed' && surface.state !== 'not-touched')
  const each = started.flatMap(({ server }) =>
    ['starts', 'runs on', 'surface', 'golden calls', 'probes', 'controls', 'resources'].map(
      (test) => `${server}: ${test}`,
    ),
  )
  return ['rollback rehearsed', ...each]
}
