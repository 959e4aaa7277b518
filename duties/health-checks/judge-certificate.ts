import type { FindingDraft, Seen } from '@upkeep/contract'
import type { Rules } from './rules.ts'

/** How long the certificate of an endpoint still holds. One that does not hold any more is judged by trying. */
export function judgeCertificate(
  endpoint: Seen<'endpoint'>,
  { name, at, days }: { name: string; at: string; days: number },
): { findings: FindingDraft<Rules>[]; passes: string[] } {
  const facts = endpoint.state === 'seen' ? endpoint.facts : null
  const validTo = facts?.tls?.authorized === true ? facts.tls.validTo : null
  if (facts === null || validTo === null) return { findings: [], passes: [] }
  const left = Math.floor((Date.parse(validTo) - Date.parse(at)) / 86_400_000)
  const day = validTo.slice(0, 10)
  if (left >= days) return { findings: [], passes: [`certificate: it holds until ${day}, ${left} days from now`] }
  const summary = `The certificate of ${name} ends on ${day}, in ${left} days`
  const action = 'Renew it, and have it renewed by itself from now on; then run upkeep scan'
  return { findings: [{ rule: 'certificate-ends', facts: { url: facts.url, validTo }, summary, action }], passes: [] }
}
