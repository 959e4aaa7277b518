import type { Facts, Seen } from '@upkeep/contract'
import { describe, expect, it } from 'vitest'
import { judgeControls } from './judge-controls.ts'

type Result = Facts<'control-probes'>['results'][number]
const result = (control: Result['control'], outcome: Result['outcome']): Result => ({
  probe: control,
  version: 1,
  control,
  outcome,
  detail: '',
  attempts: 2,
  transcript: [],
})
const open = (authentication: Result['outcome']): Seen<'control-probes'> => ({
  state: 'seen',
  facts: { url: 'http://127.0.0.1/mcp', results: [result('authentication', authentication), result('cors', 'broken')] },
})
const severities = (probes: Seen<'control-probes'>, exposed: boolean) =>
  judgeControls(probes, { name: 'fs', exposed }).findings.map((finding) => finding.severity)

describe('judge controls', () => {
  it('takes an open server for worse when others can reach it', () => {
    expect(severities(open('broken'), true)).toEqual(['critical', 'high'])
    expect(severities(open('broken'), false)).toEqual([undefined, 'high'])
  })

  it('takes wildcard CORS for less where a credential is asked for', () => {
    expect(severities(open('held'), true)).toEqual([undefined])
  })
})
