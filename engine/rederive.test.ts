import {
  type AnyDuty,
  defineDuty,
  need,
  type Observation,
  personSubject,
  type Run,
  rule,
  type Verdict,
} from '@upkeep/contract'
import { EvidencePack } from '@upkeep/contract/evidence'
import { canonicalJson, digestOf } from '@upkeep/domain/canonical-json'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { assessRun } from './assess/assess-run.ts'
import { exportPack } from './evidence/export-pack.ts'
import { seal } from './evidence/seal.ts'
import { dropStore, type MadeStore, makeStore, minute, roundOf, tamper } from './evidence/testing/made-store.ts'
import { indexObservations } from './kernel/observation-index.ts'
import { rederive } from './rederive.ts'
import { packSource, storeSource } from './rederive-source.ts'

const trained = defineDuty({
  id: 'people-have-roles',
  version: 2,
  heading: 'Quarterly',
  title: 'People have roles',
  summary: 'Everybody who takes part holds a role.',
  cadence: 'quarterly',
  scope: 'person',
  adoptedBy: ['solo'],
  needs: { record: need('person-record') },
  params: z.object({ since: z.string() }),
  rules: {
    'no-role': rule({
      version: 1,
      title: 'A person without a role',
      severity: 'low',
      help: 'Give them a role.',
      facts: z.object({ roles: z.number() }),
      identity: [],
    }),
  },
  assess({ seen, params, at }) {
    if (seen.record.state !== 'seen') return { findings: [], unknowns: ['not seen'], passes: [] }
    const roles = seen.record.facts.person.roles.length
    const late = at > params.since ? 'after' : 'before'
    if (roles > 0) return { findings: [], unknowns: [], passes: [`${roles} roles ${late} ${params.since}`] }
    const action = 'Give them a role in upkeep.yaml.'
    return { findings: [{ rule: 'no-role', facts: { roles }, summary: 'no role', action }], unknowns: [], passes: [] }
  },
})
const duties: AnyDuty[] = [trained]

const opened: MadeStore[] = []
afterEach(async () => {
  for (const made of opened.splice(0)) await dropStore(made)
})

function seen(id: string, roles: ('admin' | 'viewer')[]): Observation<'person-record'> {
  const facts = { person: { id, name: id, roles }, attestations: [] }
  return { kind: 'person-record', subject: personSubject(id, id), state: 'seen', facts }
}

interface Told {
  count: number
  observations: readonly Observation[]
  /** What is sealed in place of the verdicts that were drawn. */
  lie?: (verdicts: Verdict[]) => Verdict[]
  run?: Partial<Run>
}

async function store({ count, observations, lie = (verdicts) => verdicts, run: fields }: Told, made: MadeStore) {
  const params = { since: minute(2) }
  const { verdicts } = assessRun(trained, indexObservations(observations), params, minute(count))
  const manifest = observations.map((one) => ({ kind: one.kind, subject: one.subject, observation: digestOf(one) }))
  const sealed = lie(verdicts)
  const objects = [...observations, manifest, sealed].map((value) => canonicalJson(value))
  const run = {
    ...roundOf(count).run,
    duty: trained.id,
    dutyVersion: trained.version,
    params,
    observations: digestOf(manifest),
    verdicts: digestOf(sealed),
    ...fields,
  }
  await made.store.transaction(async (tx) => {
    await tx.objects.putMany(objects)
    await tx.runs.append(run)
    await seal(tx, made.keyring, [{ type: 'run', record: run }], minute(count))
  })
}

async function stored(...told: Told[]): Promise<MadeStore> {
  const made = await makeStore()
  opened.push(made)
  for (const one of told) await store(one, made)
  return made
}

const people = [seen('ada', ['admin']), seen('bob', [])]

test('what was sealed comes out again: from the store, and from a pack of it', async () => {
  const made = await stored({ count: 1, observations: people }, { count: 3, observations: people })
  const same = { runs: 2, verdicts: 4, differing: [], skipped: [] }
  expect(await rederive(storeSource(made.store), duties)).toEqual(same)
  let text = ''
  await exportPack(made.store, { exportedAt: minute(9) }, (piece) => {
    text += piece
  })
  expect(await rederive(packSource(EvidencePack.parse(JSON.parse(text))), duties)).toEqual(same)
})

test('a verdict that was sealed and does not follow is named, with what it should be', async () => {
  const pass = (verdict: Verdict): Verdict => ({ ...verdict, verdict: 'pass', findings: [], passes: ['trust me'] })
  const made = await stored(
    { count: 1, observations: people, lie: (verdicts) => verdicts.map(pass) },
    { count: 2, observations: people, lie: (verdicts) => verdicts.slice(1) },
  )
  const { differing } = await rederive(storeSource(made.store), duties)
  expect(differing).toEqual([
    expect.objectContaining({
      run: 'run-2',
      subject: 'person:ada',
      reason: 'no verdict was sealed; drawn again it is pass',
    }),
    expect.objectContaining({ run: 'run-1', subject: 'person:ada', reason: 'pass both times, for other reasons' }),
    expect.objectContaining({ run: 'run-1', subject: 'person:bob', reason: 'sealed as pass; drawn again it is fail' }),
  ])
})

test('what cannot be done again is said of its run, and the others go on', async () => {
  const made = await stored(
    { count: 1, observations: people },
    { count: 2, observations: people, run: { dutyVersion: 1 } },
    { count: 3, observations: people, run: { duty: 'gone' } },
    { count: 4, observations: [seen('eve', [])] },
    { count: 5, observations: [seen('kim', [])] },
    { count: 6, observations: [], run: { observations: null, verdicts: null, outcome: 'missed' } },
  )
  tamper(
    made,
    `delete from objects where digest = '${digestOf(seen('eve', []))}'`,
    `update objects set body = cast('{}' as blob), encoding = 'plain' where digest = '${digestOf(seen('kim', []))}'`,
  )
  const { runs, skipped, differing } = await rederive(storeSource(made.store), duties)
  expect([runs, differing]).toEqual([1, []])
  expect(skipped.map(({ run, reason }) => `${run}: ${reason}`)).toEqual([
    'run-5: an object that it rests on was altered',
    `run-4: object ${digestOf(seen('eve', []))} is not there`,
    'run-3: its duty is not installed',
    'run-2: it ran under version 1 of its duty; 2 is installed',
  ])
})

test('an observation of a form that is not known is skipped, and its text is not quoted', async () => {
  const strange = JSON.parse(canonicalJson({ ...seen('ada', []), facts: { secret: 'canary' } }))
  const made = await stored({ count: 1, observations: [strange], lie: () => [] })
  const { skipped } = await rederive(storeSource(made.store), duties)
  expect(skipped).toEqual([
    { run: 'run-1', duty: trained.id, reason: 'what it rests on does not have the form that this version reads' },
  ])
})
