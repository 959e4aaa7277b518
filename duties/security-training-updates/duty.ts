import { type Assessment, defineDuty, need, rule } from '@upkeep/contract'
import { type Attestation, Role } from '@upkeep/contract/person'
import { z } from 'zod'

const id = 'security-training-updates'
const rules = {
  'training-missing': rule({
    version: 1,
    title: 'No training on record',
    severity: 'medium',
    help: `Take the training for the role, then attest it: upkeep attest --scope ${id}.`,
    facts: z.object({ roles: z.array(Role) }),
    identity: [],
  }),
  'training-expired': rule({
    version: 1,
    title: 'Training has expired',
    severity: 'medium',
    help: `Take the current training, then attest it: upkeep attest --scope ${id}.`,
    facts: z.object({ validUntil: z.string(), attestation: z.string() }),
    identity: ['attestation'],
  }),
}

export const securityTrainingUpdates = defineDuty({
  id,
  version: 1,
  heading: 'Quarterly Maintenance',
  title: 'Security Training Updates',
  summary: 'Everybody who decides about servers is trained for today’s threats, and the training has not run out.',
  cadence: 'quarterly',
  scope: 'person',
  adoptedBy: ['team', 'enterprise'],
  needs: { record: need('person-record') },
  params: z.object({
    roles: z
      .array(Role)
      .default(['operator', 'reviewer', 'approver', 'admin'])
      .describe('The roles that need training'),
    warnDays: z.int().min(0).max(366).default(30).describe('How many days before its end a training is named'),
  }),
  rules,
  assess({ seen, params, at }) {
    if (seen.record.state !== 'seen') return nothingSaid()
    const { person, attestations } = seen.record.facts
    const roles = person.roles.filter((role) => params.roles.includes(role))
    if (roles.length === 0) return { ...nothingSaid(), notApplicable: 'holds no role that needs training' }
    const newest = newestOf(attestations)
    if (newest === undefined) return missing(person.name, roles)
    return newest.validUntil <= at ? expired(person.name, newest) : attestedOnly(newest, at, params.warnDays)
  },
})

function nothingSaid(): Assessment<typeof rules> {
  return { findings: [], unknowns: [], passes: [], notCovered: ['practical tasks and quizzes'] }
}

function newestOf(attestations: readonly Attestation[]): Attestation | undefined {
  const about = attestations.filter((attestation) => attestation.scope === id)
  return about.sort((a, b) => (a.validUntil < b.validUntil ? 1 : -1))[0]
}

function missing(name: string, roles: Role[]): Assessment<typeof rules> {
  const summary = `${name} (${roles.join(', ')}) has no training on record`
  return {
    ...nothingSaid(),
    findings: [
      {
        rule: 'training-missing',
        facts: { roles },
        summary,
        action: `Train, then record it: upkeep attest --scope ${id}`,
      },
    ],
  }
}

function expired(name: string, attestation: Attestation): Assessment<typeof rules> {
  const { validUntil } = attestation
  const summary = `${name}'s training ended on ${validUntil.slice(0, 10)}`
  return {
    ...nothingSaid(),
    findings: [
      {
        rule: 'training-expired',
        facts: { validUntil, attestation: attestation.id },
        summary,
        action: `Renew it, then record it: upkeep attest --scope ${id}`,
      },
    ],
  }
}

/** A person's own word that they were trained is not proof that they can do it: until practicals exist it stays unknown. */
function attestedOnly(attestation: Attestation, at: string, warnDays: number): Assessment<typeof rules> {
  const daysLeft = Math.floor((Date.parse(attestation.validUntil) - Date.parse(at)) / 86_400_000)
  const soon = daysLeft <= warnDays ? `; it ends in ${daysLeft} days` : ''
  return {
    ...nothingSaid(),
    unknowns: [
      `attested on ${attestation.at.slice(0, 10)}, valid until ${attestation.validUntil.slice(0, 10)}${soon}; an attestation alone does not show that the person can act`,
    ],
  }
}
