import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Finding, fleet, type Observation, type Run, type Verdict } from '@upkeep/contract'
import { canonicalJson, digestOf } from '@upkeep/domain/canonical-json'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { type Keyring, openKeyring } from '../keyring.ts'
import { type Sealable, seal } from '../seal.ts'

/** A real store in a folder of its own, with what tests do to it. */
export interface MadeStore {
  readonly stateDir: string
  readonly store: Store
  readonly keyring: Keyring
}

/** Opens an empty store in a new folder. */
export async function makeStore(practice = false): Promise<MadeStore> {
  const stateDir = mkdtempSync(join(tmpdir(), 'upkeep-evidence-'))
  return { stateDir, store: await openStore({ stateDir }), keyring: openKeyring({ stateDir, practice }) }
}

export async function dropStore({ store, stateDir }: MadeStore): Promise<void> {
  await store.close()
  rmSync(stateDir, { recursive: true, force: true })
}

/** A moment: minutes after the first one. */
export function minute(count: number): string {
  return new Date(Date.UTC(2026, 10, 22, 9, count)).toISOString()
}

/** Stores and seals one run and one finding, as a round does. Each count gives other facts. */
export async function sealRound({ store, keyring }: MadeStore, count: number): Promise<void> {
  const { run, finding, objects } = roundOf(count)
  const records: Sealable[] = [
    { type: 'run', record: run },
    { type: 'finding', record: finding },
  ]
  await store.transaction(async (tx) => {
    await tx.objects.putMany(objects)
    await tx.runs.append(run)
    await tx.findings.append(finding)
    await seal(tx, keyring, records, minute(count))
  })
}

/** A state with so many rounds: 1 key record and 2 records a round. */
export async function makeSealedStore(rounds: number, practice = false): Promise<MadeStore> {
  const made = await makeStore(practice)
  for (let count = 1; count <= rounds; count += 1) await sealRound(made, count)
  return made
}

/** Changes the database from outside, as someone with an editor would. */
export function tamper({ stateDir }: Pick<MadeStore, 'stateDir'>, ...statements: string[]): void {
  const database = new DatabaseSync(join(stateDir, 'state.db'))
  for (const statement of statements) {
    const { changes } = database.prepare(statement).run()
    if (Number(changes) === 0) throw new Error(`changed nothing: ${statement}`)
  }
  database.close()
}

export function roundOf(count: number): { run: Run; finding: Finding; objects: string[] } {
  const observation: Observation<'person-record'> = {
    kind: 'person-record',
    subject: fleet,
    state: 'absent',
    reason: `nobody is named, said at minute ${count}`,
  }
  const manifest = [{ kind: observation.kind, subject: fleet, observation: digestOf(observation) }]
  const statement = statementOf(count)
  const verdicts = [verdictOf(statement.fingerprint)]
  const run: Run = {
    id: `run-${count}`,
    round: `round-${count}`,
    duty: count % 2 === 0 ? 'health-checks' : 'vulnerability-scanning',
    dutyVersion: 1,
    cadence: 'daily',
    reason: 'due',
    outcome: 'completed',
    missedPeriods: 0,
    detail: '',
    startedAt: minute(count),
    endedAt: minute(count),
    clock: 'simulated',
    practice: false,
    collectors: { people: 1 },
    params: {},
    observations: digestOf(manifest),
    verdicts: digestOf(verdicts),
    counts: { pass: 0, fail: 1, unknown: 0, notApplicable: 0, opened: 1, resolved: 0 },
  }
  const finding: Finding = {
    id: `finding-${count}`,
    at: minute(count),
    run: run.id,
    state: 'open',
    firstSeenAt: minute(count),
    statement: { ...statement, duty: run.duty },
  }
  return { run, finding, objects: [observation, manifest, verdicts].map((value) => canonicalJson(value)) }
}

function verdictOf(fingerprint: string): Verdict {
  const nothing = { unknowns: [], passes: [], notApplicable: null, notCovered: [] }
  return { ...nothing, subject: fleet, verdict: 'fail', findings: [fingerprint] }
}

function statementOf(count: number): Omit<Finding['statement'], 'duty'> {
  return {
    fingerprint: digestOf({ count }).slice(0, 32),
    rule: 'people-are-named',
    ruleVersion: 1,
    subject: fleet,
    severity: 'low',
    title: 'Nobody is named',
    summary: `upkeep.yaml names nobody (${count})`,
    action: 'Name who takes part.',
    facts: { count },
    proposals: [],
  }
}
