import { defineCollector, fleet, type Observation } from '@upkeep/contract'
import { readUrgencyTable } from '@upkeep/domain/urgency/read-urgency-table'

const maxBytes = 1 << 20

/** The table by which due dates are worked out: the product's own, or the one that `upkeep.yaml` names. */
export const urgencyTable = defineCollector({
  id: 'urgency-table',
  version: 1,
  title: 'Table of due dates',
  sees: ['urgency-table'],
  per: 'fleet',
  reaches: ['files'],
  after: [],
  timeoutSeconds: 10,
  async collect({ ports, settings }) {
    if (settings.urgency === undefined) return [unavailable('not-configured', 'no table of due dates is in place')]
    const read = ports.files.read(settings.urgency, maxBytes)
    if (read.state === 'absent') return [unavailable('not-configured', `${settings.urgency}: nothing is there`)]
    if (read.state === 'unavailable') return [unavailable(read.code, `${settings.urgency}: ${read.reason}`)]
    const table = readUrgencyTable(new TextDecoder().decode(read.bytes))
    if (typeof table === 'string') return [unavailable('malformed', `${settings.urgency}: ${table}`)]
    return [{ kind: 'urgency-table', subject: fleet, state: 'seen', facts: table }]
  },
})

function unavailable(
  code: Extract<Observation, { state: 'unavailable' }>['code'],
  reason: string,
): Observation<'urgency-table'> {
  return { kind: 'urgency-table', subject: fleet, state: 'unavailable', code, reason }
}
