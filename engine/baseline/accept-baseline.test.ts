import { type Observation, serverSubject } from '@upkeep/contract'
import { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import type { ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { listed } from '@upkeep/domain/tool-surface/testing/listed'
import { describe, expect, test } from 'vitest'
import { acceptBaseline } from './accept-baseline.ts'

const subject = serverSubject('cursor', '/home/ada/.cursor/mcp.json', 'fs')
const at = '2026-11-22T09:00:00.000Z'
const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
const declared: Observation<'declared-server'> = { kind: 'declared-server', subject, state: 'seen', facts: plainServer }

function surface(name: string, over: Partial<ToolSurface> = {}): Observation<'tool-surface'> {
  const facts: ToolSurface = {
    transport: 'stdio',
    era: 'initialize',
    protocolVersion: null,
    serverInfo: null,
    instructions: null,
    tools: [listed({ name })],
    prompts: [],
    resources: [],
    templates: [],
    capabilities: [],
    timesListed: 1,
    toolsLater: null,
    why: '',
    truncated: false,
    ...over,
  }
  return { kind: 'tool-surface', subject, state: 'seen', facts }
}

function approved(...seen: Observation[]): ApprovedServer {
  const { objects } = acceptBaseline({ observations: [declared, ...seen], subjects: [], reason: 'read', at, signer })
  return ApprovedServer.parse(JSON.parse(objects[0] ?? ''))
}

const before: Observation<'approved-server'> = {
  kind: 'approved-server',
  subject,
  state: 'seen',
  facts: approved(surface('read')),
}
const notListed: Observation<'tool-surface'> = {
  kind: 'tool-surface',
  subject,
  state: 'unavailable',
  code: 'not-consented',
  reason: 'its client starts it itself',
}

describe('what of tools is approved with a server', () => {
  test.each<[string, Observation[], string[] | null]>([
    ['what was listed', [surface('write'), before], ['write']],
    ['what was approved before, where nobody listed it this time', [notListed, before], ['read']],
    ['what was approved before, where the list was cut', [surface('write', { truncated: true }), before], ['read']],
    ['what was approved before, where it listed no tools', [surface('write', { tools: null }), before], ['read']],
    ['nothing, where nobody ever listed it', [notListed], null],
  ])('%s', (_name, seen, tools) => {
    expect(approved(...seen).surface?.tools?.map(({ name }) => name) ?? null).toEqual(tools)
  })
})
