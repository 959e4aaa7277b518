import type { Facts } from '@upkeep/contract'

type Advisory = Facts<'advisories'>['records'][number]

/** One of the four things that urgency rests on. `assumed`: nothing in date says, so the worse value is taken. */
export interface Input<Value> {
  value: Value
  assumed: boolean
  /** In words that fit into the reason of a due date. */
  why: string
}

/** What an advisory brings to the choice of a row; the exposure is the server's. */
export interface AdvisoryInputs {
  exploited: Input<boolean>
  automatable: Input<boolean>
  impact: Input<'partial' | 'total'>
  /** The day on which it was listed as exploited, where a list in date says so. */
  listedOn: string | null
}

type UrgentFacts = Pick<Advisory, 'id' | 'aliases' | 'exploitation' | 'severity'>

/** Whether CISA's list could name it at all: it names CVEs and nothing else. */
export function canBeListed({ id, aliases }: Pick<Advisory, 'id' | 'aliases'>): boolean {
  return [id, ...aliases].some((name) => name.startsWith('CVE-'))
}

/** Reads exploitation, automation and impact off an advisory. What is not known is taken at its worse value, and that is said. */
export function inputsOf(advisory: UrgentFacts): AdvisoryInputs {
  const { kev, ssvc } = advisory.exploitation
  return {
    exploited: exploitedBy(advisory),
    automatable: automatableBy(ssvc?.automatable ?? null),
    impact: impactOf(ssvc?.technicalImpact ?? null, advisory.severity),
    listedOn: kev?.listed === true ? kev.dateAdded : null,
  }
}

function exploitedBy(advisory: UrgentFacts): Input<boolean> {
  const { kev, ssvc, stale } = advisory.exploitation
  if (kev?.listed === true) {
    const since = kev.dateAdded === null ? '' : ` since ${kev.dateAdded}`
    return told(true, `known to be exploited (on CISA's list${since})`)
  }
  if (ssvc?.exploitation === 'active') return told(true, "known to be exploited (CISA's decision points)")
  if (kev !== null) return told(false, "not on CISA's list of the exploited")
  if (ssvc !== null && ssvc.exploitation !== null)
    return told(false, "not known to be exploited (CISA's decision points)")
  // No list will ever settle it: the worse value would put every such vulnerability before those that are known to be exploited.
  if (!canBeListed(advisory))
    return assumed(false, 'no sign that it is exploited: it has no CVE, and the list of the exploited names CVEs only')
  const why = stale.includes('kev') ? 'the list is too old' : 'no list of the exploited at hand'
  return assumed(true, `taken as exploited: ${why}`)
}

function automatableBy(stated: 'yes' | 'no' | null): Input<boolean> {
  if (stated === 'yes') return told(true, 'its use can be automated')
  if (stated === 'no') return told(false, 'its use cannot be automated')
  return assumed(true, 'taken as one whose use can be automated: not stated')
}

function impactOf(stated: 'partial' | 'total' | null, severity: Advisory['severity']): Input<'partial' | 'total'> {
  if (stated === 'total') return told('total', 'it gives total control')
  if (stated === 'partial') return told('partial', 'it gives partial control')
  if (severity === 'unknown')
    return assumed('total', 'taken as giving total control: neither impact nor severity stated')
  const value = severity === 'critical' || severity === 'high' ? 'total' : 'partial'
  return told(value, `${value} control, by its severity ${severity}, since no impact is stated`)
}

function told<Value>(value: Value, why: string): Input<Value> {
  return { value, assumed: false, why }
}

function assumed<Value>(value: Value, why: string): Input<Value> {
  return { value, assumed: true, why }
}
