import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChangeStep, Ports, Signer } from '@upkeep/contract'
import { defineRemediation } from '@upkeep/contract/remediation'
import { noSecretStores } from '@upkeep/contract/testing/no-secret-stores'
import { heldByApproval } from '@upkeep/domain/changes/approval-rule'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { heldByEmergency } from '@upkeep/domain/changes/held-by-emergency'
import { defaultPolicies } from '@upkeep/domain/changes/policy-for'
import { assertSealed } from '../../evidence/assert-sealed.ts'
import { openKeyring } from '../../evidence/keyring.ts'
import { seal } from '../../evidence/seal.ts'
import { systemClock } from '../../kernel/clock.ts'
import { openFiles } from '../../ports/files.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import type { Maker } from '../apply-change.ts'
import type { ChangeWorld } from '../change-world.ts'
import { keptBytesIn } from '../kept-bytes.ts'
import { planChange, proposeChange } from '../propose-change.ts'
import { recordStep } from '../record-step.ts'

export const ada: Signer = { person: 'ada', presence: 'not-proven', signature: null }
export const alone: Maker = { holder: 'a test', confirm: async () => {} }

/** No secret is put anywhere here, unless a test brings its stores. */
const noStores: ChangeWorld['stores'] = {
  ...noSecretStores,
  put: (reference) => Promise.reject(new Error(`a secret was put at ${reference}`)),
  remove: (reference) => Promise.reject(new Error(`a secret was taken from ${reference}`)),
}

/** Puts one version in the place of another in a text: as plain as a remediation can be, so that what is tested is the engine. */
const setVersion = defineRemediation({
  makes: 'set-server-version',
  version: 1,
  title: 'Put one version in the place of another',
  reaches: ['files'],
  preview({ path, from, to }, { files }) {
    const read = files.read(path, 1 << 20)
    if (read.state !== 'present') return { state: 'unavailable', code: 'unreachable', reason: `${path} is not there` }
    const text = Buffer.from(read.bytes).toString('latin1')
    const bytes = Buffer.from(text.replaceAll(`@${from}"`, `@${to}"`), 'latin1')
    const isSame = Buffer.compare(bytes, read.bytes) === 0
    return {
      state: 'possible',
      effects: isSame ? [] : [{ kind: 'file', path, to: { bytes }, shown: [`-${from}`, `+${to}`] }],
      summary: [`${path}: ${from} becomes ${to}`],
      limits: [],
      irreversible: [],
    }
  },
})

/** A world on real files and a real store, in a folder of its own. */
export interface MadeWorld {
  readonly root: string
  readonly world: ChangeWorld
  readonly store: Store
  path(name: string): string
  write(name: string, text: string, mode?: number): string
  text(name: string): string
  mode(name: string): string
  /** Everything of the user's, by name: text and mode. */
  all(): Record<string, string>
  drop(): Promise<void>
}

export async function makeWorld(names: readonly string[], over: Partial<ChangeWorld> = {}): Promise<MadeWorld> {
  const root = mkdtempSync(join(tmpdir(), 'upkeep-change-'))
  mkdirSync(join(root, 'home'))
  const stateDir = join(root, 'state')
  const store = await openStore({ stateDir })
  const keyring = openKeyring({ stateDir, practice: false })
  const path = (name: string) => join(root, 'home', name)
  const text = (name: string) => readFileSync(path(name), 'latin1')
  const mode = (name: string) => (statSync(path(name)).mode & 0o7777).toString(8).padStart(4, '0')
  const world: ChangeWorld = {
    store,
    clock: systemClock,
    remediations: [setVersion],
    // Only files are reached for here, and none of them is a client's.
    ports: {
      files: openFiles({ stateDir: null }).files,
      places: { list: () => [] },
      secretStores: noSecretStores,
    } as unknown as Ports,
    kept: keptBytesIn(stateDir),
    stores: noStores,
    signal: new AbortController().signal,
    progress: () => {},
    seal: async (tx, steps: readonly ChangeStep[]) => {
      const records = steps.map((record) => ({ type: 'change' as const, record }))
      await seal(tx, keyring, records, systemClock.now())
    },
    assertSealed: (steps) => assertSealed(store, keyring, 'change', steps),
    assess: async () => ({ risk: 'low', why: [], sheet: null }),
    test: async () => [],
    lacking: async () => null,
    heldBy: async (state) =>
      heldByApproval(state, {
        people: [],
        policies: defaultPolicies,
        delegations: [],
        now: systemClock.now(),
        showsPresence: () => false,
        isTrained: () => false,
      }) ?? heldByEmergency(state),
    slotFor: async () => null,
    keepsItsTime: async () => true,
    contingency: async () => ({ checks: [], until: null, asked: [] }),
    observe: async () => ({ holds: true, findings: [], pending: [] }),
    glance: async () => ({ holds: true, findings: [], pending: [] }),
    revert: () => ({ state: 'refused', reason: 'somebody changed it since' }),
    ...over,
  }
  return {
    root,
    world,
    store,
    path,
    text,
    mode,
    write(name, content, bits = 0o600) {
      writeFileSync(path(name), content, { encoding: 'latin1', mode: bits })
      return path(name)
    },
    all: () => Object.fromEntries(names.map((name) => [name, `${mode(name)} ${text(name)}`])),
    drop: async () => {
      await store.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Proposes version 2 in the place of version 1 in every file named. */
export async function propose(
  { world, path }: MadeWorld,
  names: readonly string[],
  of: 'normal' | 'emergency' = 'normal',
): Promise<ChangeState> {
  const inputs = names.map((name) => ({
    kind: 'set-server-version' as const,
    path: path(name),
    server: 'fs',
    package: 'server',
    from: '1.0.0',
    to: '2.0.0',
  }))
  const plan = await planChange(world, { inputs, title: 'set fs to 2.0.0', class: of, closes: [] })
  if (plan === null) throw new Error('there is nothing to change')
  return proposeChange(world, plan, { requester: ada, reason: null })
}

/** Approves a change for a day. */
export function approve({ world }: MadeWorld, state: ChangeState): Promise<ChangeState> {
  const until = new Date(Date.now() + 86_400_000).toISOString()
  const approval = {
    digest: state.digest,
    decision: 'approved' as const,
    role: 'approver',
    reason: null,
    until,
    signer: ada,
  }
  return recordStep(world, state, { is: 'approved', approval })
}
