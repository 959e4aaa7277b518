import { type Assessment, defineDuty, type FindingDraft, need, optional, rule, type Seen } from '@upkeep/contract'
import type { LockedServer } from '@upkeep/contract/lock-file'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { DesiredServer } from '@upkeep/contract/observations/desired-server'
import { addedBy } from '@upkeep/domain/changes/joined-server'
import { compareLocked } from '@upkeep/domain/desired-state/compare-lock'
import { correctionsFor } from '@upkeep/domain/desired-state/corrections'
import { lockServer } from '@upkeep/domain/desired-state/lock-server'
import { withChanges } from '@upkeep/domain/desired-state/with-changes'
import { z } from 'zod'

const Facts = z.object({
  lock: z.string(),
  /** What is done about it: said, proposed, or set back. */
  mode: z.enum(['observe', 'propose', 'enforce']),
  path: z.string(),
  differences: z.array(z.strictObject({ at: z.string(), was: z.string(), is: z.string() })),
})
const identity = ['path', 'differences'] as const
const help = 'Set it back with upkeep fix or upkeep enforce; if it is right, write it into the lock with upkeep import.'

const rules = {
  'server-not-desired': rule({
    version: 1,
    title: 'A server that the desired state does not have',
    severity: 'high',
    help,
    facts: Facts,
    identity,
  }),
  'entry-differs': rule({
    version: 1,
    title: 'An entry is not as the desired state says',
    severity: 'high',
    help,
    facts: Facts,
    identity,
  }),
  'installed-differs': rule({
    version: 1,
    title: 'What is installed or offered is not what the desired state says',
    severity: 'medium',
    help: 'Find out what moved below the entry; if it is right, write it into the lock with upkeep import.',
    facts: Facts,
    identity,
  }),
  'mode-differs': rule({
    version: 1,
    title: 'A configuration file has another mode than the desired state says',
    severity: 'medium',
    help,
    facts: Facts,
    identity,
  }),
}
type Draft = FindingDraft<typeof rules>
const notCovered = ['servers of the lock that no client declares any more: upkeep import --check names them']

export const configurationManagement = defineDuty({
  id: 'configuration-management',
  version: 1,
  heading: 'Automated Maintenance Tasks',
  title: 'Configuration Management',
  summary: 'Holds every server against upkeep.lock, and proposes what sets it back.',
  cadence: 'daily',
  scope: 'server',
  adoptedBy: ['team', 'enterprise'],
  needs: {
    desired: need('desired-server'),
    declared: need('declared-server'),
    resolved: optional('resolved-package'),
    exposure: optional('file-exposure'),
    surface: optional('tool-surface'),
    changes: optional('changes'),
  },
  params: z.object({}),
  rules,
  assess({ seen }) {
    const { desired, declared, changes } = seen
    if (desired.state !== 'seen' || declared.state !== 'seen')
      return { findings: [], unknowns: [], passes: [], notApplicable: 'no client declares it', notCovered }
    const made = changes.state === 'seen' ? changes.facts.changes : []
    const { facts } = declared
    const now = lockServer(partsOf(seen, facts), desired.facts.folders)
    const { locked, since, folders } = desired.facts
    const added = locked === null ? addedBy(facts, since, made) : null
    if (added !== null) return passed(`it is there by ${added}; upkeep import writes it into the lock`)
    if (locked === null) return stated([drafted('server-not-desired', desired.facts, facts, now, null, [])], [])
    const entry = { client: facts.client, path: facts.path, server: facts.name, project: facts.project }
    const shall = withChanges(locked, entry, { changes: made, since, folders })
    return judged(shall, now, desired.facts, facts)
  },
})

function partsOf(
  seen: {
    resolved: Seen<'resolved-package'>
    exposure: Seen<'file-exposure'>
    surface: Seen<'tool-surface'>
  },
  declared: DeclaredServer,
) {
  const { resolved, exposure, surface } = seen
  return {
    declared,
    resolved: resolved.state === 'seen' ? resolved.facts : null,
    mode: exposure.state === 'seen' ? exposure.facts.mode : null,
    surface: surface.state === 'seen' && !surface.facts.truncated ? surface.facts : null,
  }
}

function judged(
  shall: LockedServer,
  now: LockedServer,
  desired: DesiredServer,
  declared: DeclaredServer,
): Assessment<typeof rules> {
  const { differences, notCompared } = compareLocked(shall, now)
  const of = (layers: readonly string[]) => differences.filter(({ layer }) => layers.includes(layer))
  const groups = [
    ['entry-differs', of(['start', 'environment', 'consent', 'settings'])],
    ['installed-differs', of(['version', 'bytes', 'tools'])],
    ['mode-differs', of(['permissions'])],
  ] as const
  const findings = groups.flatMap(([id, some]) =>
    some.length === 0 ? [] : [drafted(id, desired, declared, now, shall, some)],
  )
  const unknowns = notCompared.map(({ what, why }) => `${what}: ${why}`)
  if (findings.length > 0) return stated(findings, unknowns)
  return { ...passed(`entry, mode and what is installed are as ${desired.lock} says`), unknowns }
}

function passed(what: string): Assessment<typeof rules> {
  return { findings: [], unknowns: [], passes: [what], notCovered }
}

function stated(findings: readonly Draft[], unknowns: readonly string[]): Assessment<typeof rules> {
  return { findings, unknowns, passes: [], notCovered }
}

function drafted(
  id: keyof typeof rules,
  { lock, mode, folders }: DesiredServer,
  { path, name, project, client }: DeclaredServer,
  now: LockedServer,
  shall: LockedServer | null,
  some: readonly { at: string; was: string; is: string }[],
): Draft {
  const [first] = some
  const more = some.length > 1 ? `, and ${some.length - 1} more` : ''
  const { inputs } = correctionsFor(shall, now, { path, server: name, project }, folders)
  const own = inputs.filter(({ kind }) => (id === 'mode-differs') === (kind === 'set-file-mode'))
  const why = `${name} is then as ${lock} says`
  const says =
    first === undefined
      ? `${name} in ${client} is not in ${lock}`
      : `${first.at}: shall be ${first.was}, is ${first.is}${more}`
  return {
    rule: id,
    facts: { lock, mode, path, differences: some.map(({ at, was, is }) => ({ at, was, is })) },
    summary: mode === 'enforce' ? `${says}; it is to be set back` : says,
    action: id === 'installed-differs' ? rules[id].help : help,
    proposals: id === 'installed-differs' ? [] : own.map((change) => ({ change, why, limits: [] })),
  }
}
