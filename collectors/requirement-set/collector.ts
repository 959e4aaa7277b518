import { defineCollector, fleet, type Observation } from '@upkeep/contract'
import { RequirementSet } from '@upkeep/contract/observations/requirement-set'

const maxBytes = 1 << 20

/** The requirements that servers are held to: those of the pack that comes with the product. */
export const requirementSet = defineCollector({
  id: 'requirement-set',
  version: 1,
  title: 'Requirements of the specifications',
  sees: ['requirement-set'],
  per: 'fleet',
  reaches: ['files'],
  after: [],
  timeoutSeconds: 10,
  async collect({ ports, settings }) {
    const { requirements } = settings
    if (requirements === undefined) return [unavailable('not-configured', 'no set of requirements is in place')]
    const read = ports.files.read(requirements, maxBytes)
    if (read.state === 'absent') return [unavailable('not-configured', `${requirements}: nothing is there`)]
    if (read.state === 'unavailable') return [unavailable(read.code, `${requirements}: ${read.reason}`)]
    const facts = setIn(new TextDecoder().decode(read.bytes))
    if (facts === null) return [unavailable('malformed', `${requirements}: it is no set of requirements`)]
    return [{ kind: 'requirement-set', subject: fleet, state: 'seen', facts }]
  },
})

function setIn(text: string): RequirementSet | null {
  try {
    return RequirementSet.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function unavailable(
  code: Extract<Observation, { state: 'unavailable' }>['code'],
  reason: string,
): Observation<'requirement-set'> {
  return { kind: 'requirement-set', subject: fleet, state: 'unavailable', code, reason }
}
