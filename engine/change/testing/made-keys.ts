import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PersonKey } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { approvalStatement, enrolmentStatement } from '@upkeep/domain/changes/signed-statements'
import { openKeyring } from '../../evidence/keyring.ts'
import { type Sealable, seal } from '../../evidence/seal.ts'
import { recordStep } from '../record-step.ts'
import { ada, type MadeWorld } from './made-world.ts'

export const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined
export const never = '2999-01-01T00:00:00.000Z'

export interface MadeKey {
  readonly file: string
  readonly line: string
}

export function keyOf({ root }: MadeWorld, name: string): MadeKey {
  const file = join(root, name)
  keygen(['-q', '-N', '', '-t', 'ed25519', '-f', file])
  return { file, line: readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ') }
}

export function keyringOf({ root }: MadeWorld) {
  return openKeyring({ stateDir: join(root, 'state'), practice: false })
}

function keygen(args: readonly string[], input = ''): string {
  const done = spawnSync('ssh-keygen', args, { encoding: 'utf8', input })
  if (done.status !== 0) throw new Error(done.stderr)
  return done.stdout
}

function sign({ file }: MadeKey, text: string): string {
  return keygen(['-Y', 'sign', '-n', 'upkeep', '-f', file], text)
}

/** Makes a key the one by which bob approves from a moment on. */
export async function enrol(
  made: MadeWorld,
  id: string,
  at: string,
  key: MadeKey,
  before: { key: MadeKey; record: PersonKey } | null = null,
): Promise<PersonKey> {
  const words = { person: 'bob', key: key.line, at, replaces: before?.record.id ?? null }
  const statement = enrolmentStatement(words)
  const vouched = before === null ? null : sign(before.key, statement)
  const record = { ...words, id, proof: sign(key, statement), vouched, signer: { ...ada, person: 'bob' } }
  const sealable: Sealable = { type: 'person-key', record }
  await made.store.transaction(async (tx) => {
    await tx.personKeys.append(record)
    await seal(tx, keyringOf(made), [sealable], made.world.clock.now())
  })
  return record
}

/** Bob approves, signed. */
export function approvedBy(made: MadeWorld, state: ChangeState, key: MadeKey): Promise<ChangeState> {
  const said = { digest: state.digest, decision: 'approved' as const, role: 'approver', until: never }
  const signature = sign(key, approvalStatement({ ...said, change: state.id, person: 'bob' }))
  const approval = { ...said, reason: null, signer: { person: 'bob', presence: 'ssh-key' as const, signature } }
  return recordStep(made.world, state, { is: 'approved', approval })
}

/** States in ada's name, sealed. */
export async function justify(made: MadeWorld, scope: string, statement: string): Promise<void> {
  const at = made.world.clock.now()
  const rest = {
    evidence: [],
    limits: '',
    person: 'ada',
    role: 'operator' as const,
    at,
    validUntil: never,
    revokes: null,
  }
  const record = { id: `justified-${scope}-${statement.length}`, statement, scope, ...rest, signer: ada }
  await made.store.transaction(async (tx) => {
    await tx.attestations.append(record)
    await seal(tx, keyringOf(made), [{ type: 'attestation', record }], at)
  })
}
