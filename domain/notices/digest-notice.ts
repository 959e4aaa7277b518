import type { Notice } from '@upkeep/contract/notify'
import { subjectOf } from './notice-text.ts'

const severities = ['critical', 'high', 'medium', 'low'] as const

/** One message in place of many: what each would have said, in the order in which it came up. Of none there is none. */
export function digestNotice(notices: readonly Notice[], at: string): Notice | null {
  if (notices.length === 0) return null
  const real = notices.filter(({ rehearsal }) => !rehearsal)
  const present = new Set((real.length > 0 ? real : notices).map(({ severity }) => severity))
  return {
    event: 'digest',
    change: null,
    title: notices.length === 1 ? 'one message' : `${notices.length} messages`,
    severity: severities.find((one) => present.has(one)) ?? null,
    urgent: false,
    rehearsal: real.length === 0,
    servers: distinct(notices.flatMap(({ servers }) => servers)),
    owners: distinct(notices.flatMap(({ owners }) => owners)),
    details: notices.flatMap((one) => [
      `${one.at.slice(0, 16).replace('T', ' ')} UTC  ${subjectOf(one)}`,
      ...one.details.slice(0, 3).map((line) => `    ${line}`),
    ]),
    more: 'upkeep notify log',
    at,
    thread: `digest ${at}`,
    about: [],
  }
}

function distinct(all: readonly string[]): string[] {
  return [...new Set(all)].sort()
}
