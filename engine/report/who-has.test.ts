import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Observation } from '@upkeep/contract'
import type { Run } from '@upkeep/contract/run'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { packageQuestion } from '@upkeep/domain/package-question'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { copyOf, npxOf, serverOf } from './cyclonedx.cases.ts'
import type { ServerParts } from './fleet-parts.ts'
import { duty } from './report.cases.ts'
import { whoHas } from './who-has.ts'

let store: Store
beforeEach(async () => {
  store = await openStore({ stateDir: mkdtempSync(join(tmpdir(), 'upkeep-who-has-')) })
})
afterEach(() => store.close())

const pin = npxOf('mcp-remote', '0.1.15')
const crm = serverOf('crm', { launch: pin }, [copyOf('/a', ['mcp-remote@0.1.15', 'express@4.21.0'])])
const fixed = serverOf('crm', { launch: npxOf('mcp-remote', '0.1.16') }, [copyOf('/a', ['mcp-remote@0.1.16'])])
const shop = serverOf('shop', { launch: npxOf('other', '1.0.0') }, [copyOf('/b', ['other@1.0.0'])])
const bare = serverOf('bare', { launch: npxOf('other', '1.0.0') }, [], null)
const away = serverOf('away', { launch: { via: 'remote' }, url: 'https://mcp.example/' }, [], null)

function observationsOf(server: ServerParts): Observation[] {
  const { subject, declared, resolved } = server
  if (declared === null || resolved === null) throw new Error('incomplete')
  return [
    { kind: 'declared-server', subject, state: 'seen', facts: declared },
    { kind: 'resolved-package', subject, ...resolved },
  ]
}

/** Stores one completed run that saw these servers, without an index: it is drawn when it is asked. */
async function storeRun(id: string, startedAt: string, servers: readonly ServerParts[]): Promise<void> {
  const observations = servers.flatMap(observationsOf)
  const digests = await store.objects.putMany(observations.map((one) => canonicalJson(one)))
  const manifest = observations.map((one, index) => ({
    kind: one.kind,
    subject: one.subject,
    observation: digests[index],
  }))
  const run: Run = {
    id,
    round: id,
    duty: duty.id,
    dutyVersion: 1,
    cadence: 'monthly',
    reason: 'asked',
    outcome: 'completed',
    missedPeriods: 0,
    detail: '',
    startedAt,
    endedAt: startedAt,
    clock: 'system',
    practice: false,
    collectors: {},
    params: {},
    observations: await store.objects.put(canonicalJson(manifest)),
    verdicts: null,
    counts: { pass: 0, fail: 0, unknown: 0, notApplicable: 0, opened: 0, resolved: 0 },
  }
  await store.runs.append(run)
}

async function ask(text: string, on?: string) {
  const question = packageQuestion(text)
  if (question === null) throw new Error('no question')
  const day = on === undefined ? null : { start: `${on}T00:00:00.000Z`, end: `${on}T23:59:59.999Z` }
  const { holders, notKnown, elsewhere, runs } = await whoHas(store, [duty], question, day)
  return {
    holders: holders.map((one) => [one.subject.name, ...one.has.map((has) => `${has.version} ${has.how}`)]),
    notKnown: notKnown.map((one) => one.name),
    elsewhere: elsewhere.map((one) => one.name),
    runs: runs.map((run) => run.id),
  }
}

describe('who has', () => {
  test('a package now: who has it, of whom it is not known, and who runs elsewhere', async () => {
    await storeRun('one', '2026-10-01T08:00:00.000Z', [crm, shop, bare, away])
    expect(await ask('mcp-remote')).toEqual({
      holders: [['crm', '0.1.15 starts', '0.1.15 declared']],
      notKnown: ['bare'],
      elsewhere: ['away'],
      runs: ['one'],
    })
    expect((await ask('npm:mcp-remote@<0.1.16')).holders).toHaveLength(1)
    expect((await ask('npm:mcp-remote@0.1.16')).holders).toEqual([])
    expect((await ask('pypi:mcp-remote')).holders).toEqual([])
    expect((await ask('pkg:npm/express@4.21.0')).holders).toEqual([['crm', '4.21.0 starts']])
  })

  test('a package on a day: the state it began with counts, and every one until it ended', async () => {
    await storeRun('one', '2026-10-01T08:00:00.000Z', [crm])
    await storeRun('two', '2026-10-03T08:00:00.000Z', [fixed])
    await storeRun('three', '2026-10-03T20:00:00.000Z', [fixed, shop])
    expect(await ask('mcp-remote@0.1.15', '2026-09-30')).toMatchObject({ holders: [], runs: [] })
    expect((await ask('mcp-remote@0.1.15', '2026-10-01')).holders).toHaveLength(1)
    expect((await ask('mcp-remote@0.1.15', '2026-10-02')).holders).toHaveLength(1)
    expect(await ask('mcp-remote@0.1.15', '2026-10-03')).toMatchObject({
      holders: [['crm', '0.1.15 starts', '0.1.15 declared']],
      runs: ['one', 'two', 'three'],
    })
    expect(await ask('mcp-remote@0.1.15', '2026-10-04')).toMatchObject({ holders: [], runs: ['three'] })
    expect((await ask('mcp-remote@0.1.15')).holders).toEqual([])
  })
})
