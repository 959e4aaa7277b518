import { defineCollector, type Seen } from '@upkeep/contract'
import { ControlCosts } from '@upkeep/contract/observations/control-costs'
import type { FilesPort } from '@upkeep/contract/ports'

const maxBytes = 4 << 20

/** What the controls in front of a server cost, out of the file that `upkeep.yaml` names for it. Measures nothing itself. */
export const controlCosts = defineCollector({
  id: 'control-costs',
  version: 1,
  title: 'Measured costs of controls',
  sees: ['control-costs'],
  per: 'server',
  reaches: ['files'],
  after: [],
  timeoutSeconds: 10,
  async collect({ for: { subject, server }, ports, settings: { servers = [] } }) {
    const path = servers.findLast(({ name, costs }) => name === server.name && costs !== undefined)?.costs
    if (path !== undefined) return [{ kind: 'control-costs', subject, ...readCosts(ports.files, path) }]
    return [{ kind: 'control-costs', subject, state: 'absent', reason: 'upkeep.yaml names no measurement of it' }]
  },
})

function readCosts(files: FilesPort, path: string): Seen<'control-costs'> {
  const read = files.read(path, maxBytes)
  if (read.state === 'unavailable') return { ...read, reason: `its measurement: ${read.reason}` }
  if (read.state === 'absent')
    return { state: 'unavailable', code: 'not-configured', reason: 'its measurement is not where upkeep.yaml says' }
  const parsed = ControlCosts.safeParse(jsonOf(new TextDecoder().decode(read.bytes)))
  if (parsed.success) return { state: 'seen', facts: parsed.data }
  const where = parsed.error.issues[0]?.path.join('.').slice(0, 80) ?? ''
  return {
    state: 'unavailable',
    code: 'malformed',
    reason: `its measurement is not of the documented form (at ${where || 'the top'})`,
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
