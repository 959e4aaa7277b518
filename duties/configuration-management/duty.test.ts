import type { Facts, Seen } from '@upkeep/contract'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { lockServer } from '@upkeep/domain/desired-state/lock-server'
import { configurationManagement } from './duty.ts'

const folders = { home: '/home/ada', here: '/home/ada/conf' }
const plain = (text: string) => ({ kind: 'plain' as const, text })
const server = { ...plainServer, transport: 'stdio' as const, command: plain('npx'), args: [plain('fs@1.0.0')] }
const exposure = {
  path: server.path,
  realPath: server.path,
  mode: '0600',
  uid: 1000,
  gid: 1000,
  owner: 'ada',
  ownedByUser: true,
  readableBy: [],
  writableBy: [],
  replaceableThrough: [],
  secrets: [],
}
const resolved: Facts<'resolved-package'> = {
  name: 'fs',
  ecosystem: 'npm',
  pinned: true,
  installed: [
    {
      where: 'npx-cache',
      root: '/c',
      version: '1.0.0',
      cacheKey: null,
      requested: null,
      engines: null,
      digest: 'a'.repeat(64),
      components: [],
      problems: [],
    },
  ],
  wouldRun: 0,
  why: '',
}
const locked = lockServer({ declared: server, resolved, mode: '0600', surface: null }, folders)
const desired = (over: Partial<Facts<'desired-server'>> = {}): Seen<'desired-server'> => ({
  state: 'seen',
  facts: { lock: '/l', since: '2026-11-01T00:00:00.000Z', mode: 'propose', locked, folders, ...over },
})
const absent = { state: 'absent' as const, reason: 'not there' }

function given(
  over: { declared?: Partial<typeof server>; desired?: Seen<'desired-server'>; mode?: string; digest?: string } = {},
) {
  const [copy] = resolved.installed
  if (copy === undefined) throw new Error('the fixture has a copy')
  const installed = [{ ...copy, digest: over.digest ?? copy.digest }]
  return {
    desired: over.desired ?? desired(),
    declared: { state: 'seen' as const, facts: { ...server, ...over.declared } },
    resolved: { state: 'seen' as const, facts: { ...resolved, installed } },
    exposure: { state: 'seen' as const, facts: { ...exposure, mode: over.mode ?? '0600' } },
    surface: absent,
    changes: absent,
  }
}

dutyCases(configurationManagement, [
  { name: 'as the lock says', given: given(), expect: { verdict: 'pass', passes: ['are as /l says'] } },
  {
    name: 'no lock',
    given: given({ desired: { state: 'unavailable', code: 'not-configured', reason: 'there is no lock' } }),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'a server that the lock does not have',
    given: given({ desired: desired({ locked: null, mode: 'enforce' }) }),
    expect: { verdict: 'fail', findings: [{ rule: 'server-not-desired', summary: 'it is to be set back' }] },
  },
  {
    name: 'another argument',
    given: given({ declared: { args: [plain('fs@6.6.6')] } }),
    expect: {
      verdict: 'fail',
      findings: [
        { rule: 'entry-differs', facts: { differences: [{ at: 'args[0]', was: 'fs@1.0.0', is: 'fs@6.6.6' }] } },
      ],
    },
  },
  {
    name: 'another byte of what is installed',
    given: given({ digest: 'b'.repeat(64) }),
    expect: { verdict: 'fail', findings: ['installed-differs'] },
  },
  { name: 'another mode', given: given({ mode: '0644' }), expect: { verdict: 'fail', findings: ['mode-differs'] } },
])
