import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChangeOf, Place, Ports } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { abandonChange, makeChange, takeBack } from '@upkeep/engine/change/drive-change'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { rehearseRollback } from '@upkeep/engine/change/rehearse-rollback'
import { ada, alone, approve, type MadeWorld, makeWorld } from '@upkeep/engine/change/testing/made-world'
import { openSecretStores, type SecretStores } from '@upkeep/engine/ports/secret-stores'
import { opDouble } from '@upkeep/engine/ports/testing/op-double'
import { vaultDouble } from '@upkeep/engine/ports/testing/vault-double'
import { moveSecret } from '@upkeep/remediations/move-secret/remediation'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { leaksIn } from '../e2e/canaries.ts'
import { hasKeyring, type PrivateKeyring, privateKeyring } from '../private-keyring.ts'
import { realPorts } from './declared.ts'
import { standingEffects } from './standing-effects.ts'

const token = `${'ghp_'}${'c4N4'.repeat(9)}`
const canaries = [{ where: 'the entry', text: token }]
const root = mkdtempSync(join(tmpdir(), 'stores-'))
const hands = realPorts()
const vault = await vaultDouble()
const op = opDouble(join(root, 'op'))
let keyring: PrivateKeyring | null = null
beforeAll(async () => {
  keyring = hasKeyring ? await privateKeyring(join(root, 'keyring')) : null
})
afterAll(async () => {
  await keyring?.stop()
  await vault.close()
  rmSync(root, { recursive: true, force: true })
})

/** One kind of store, as its owner sees and uses it without upkeep. */
interface Store {
  to: ChangeOf<'move-secret'>['to']
  reference: string
  /** What lies at the place that the change uses; null where nothing does. */
  has(): string | null
  lay(secret: string): void
  clear(): void
  /** Of the points at which a process can die, those that are tried. */
  tries(point: string): boolean
}

// npm run test:long stops at every point. Those of files and records alone are stopped at in other tests.
const isLong = process.env.UPKEEP_LONG !== undefined
const own = /secret$|effect|^swap$/

const attributes = ['service', 'upkeep/cursor.gh', 'account', 'GH_TOKEN']
const stores: Readonly<Record<string, Store>> = {
  'gnome-keyring': {
    to: { store: 'keyring' },
    reference: 'keyring://upkeep/cursor.gh#GH_TOKEN',
    has: () => keyring?.tool(['lookup', ...attributes]) ?? null,
    lay: (secret) => void keyring?.tool(['store', '--label=mine', ...attributes], secret),
    clear: () => void keyring?.tool(['clear', ...attributes]),
    tries: (point) => own.test(point),
  },
  'a stand-in for Vault': {
    to: { store: 'vault', folder: 'secret/mcp' },
    reference: 'vault://secret/mcp/cursor.gh.GH_TOKEN#value',
    has: () => (vault.fields('secret/mcp/cursor.gh.GH_TOKEN')?.value as string | undefined) ?? null,
    lay: (value) => vault.write('secret/mcp/cursor.gh.GH_TOKEN', { value }),
    clear: () => vault.forget('secret/mcp/cursor.gh.GH_TOKEN'),
    tries: (point) => isLong || own.test(point),
  },
  'a stand-in for 1Password': {
    to: { store: '1password', vault: 'Private' },
    reference: 'op://Private/upkeep.cursor.gh.GH_TOKEN/credential',
    has: () => op.items().find(({ title }) => title === 'upkeep.cursor.gh.GH_TOKEN')?.fields.credential ?? null,
    lay: (credential) =>
      op.lay([{ id: 'x9', vault: 'Private', title: 'upkeep.cursor.gh.GH_TOKEN', fields: { credential } }]),
    clear: () => op.lay([]),
    // Each of its calls starts a program of some weight.
    tries: (point) => /^(?:stored|removed) secret$/.test(point),
  },
}

describe.each(Object.entries(stores))('a secret that is moved into %s', (name, store) => {
  const skipped = name === 'gnome-keyring' && !hasKeyring
  let made: MadeWorld
  let path: string
  const text = `{\r\n  // mine\n  "mcpServers": { "gh": { "command": "npx", "args": ["-y", "gh@1.0.0"], "env": { "GH_TOKEN": "${token}" } } }\n}`
  beforeEach(async ({ skip }) => {
    skip(skipped, 'needs gnome-keyring, libsecret-tools, dbus')
    made = await makeWorld(['.cursor/mcp.json'])
    mkdirSync(made.path('.cursor'))
    path = made.write('.cursor/mcp.json', text, 0o640)
    store.clear()
  })
  afterEach(async () => {
    if (skipped) return
    for (const id of await made.store.changes.open()) expect.fail(`change ${id} was left open`)
    await made.drop()
  })

  function world(over: Partial<ChangeWorld> = {}): ChangeWorld {
    const place: Place = {
      id: 'home',
      home: join(made.root, 'home'),
      platform: 'linux',
      env: {},
      projects: [],
      machine: false,
      upkeepFile: null,
      uid: null,
    }
    const env = {
      PATH: `${op.folder}:${process.env.PATH}`,
      ...keyring?.env,
      VAULT_ADDR: vault.address,
      VAULT_TOKEN: vault.token,
    }
    const { fingerprint } = hands.secrets
    const opened = openSecretStores({ platform: 'linux', home: root, env }, { http: hands.http, fingerprint })
    const places = { ...hands.places, list: () => [place], ownProgram: () => ['/opt/node', '/opt/upkeep.js'] }
    const ports: Ports = { ...hands, places, secretStores: opened }
    return { ...made.world, ports, stores: opened, remediations: [moveSecret], ...standingEffects(ports), ...over }
  }

  async function proposed(of: ChangeWorld): Promise<ChangeState> {
    const secret = { in: 'env' as const, name: 'GH_TOKEN' }
    const input = { kind: 'move-secret' as const, path, server: 'gh', secret, to: store.to }
    const plan = await planChange(of, { inputs: [input], title: 'a test', class: 'normal', closes: [] })
    if (plan === null) throw new Error('there is nothing to change')
    return approve(made, await proposeChange(of, plan, { requester: ada, reason: null }))
  }
  const back = { why: 'a test', signer: ada }
  const file = () => made.text('.cursor/mcp.json')
  const stored = async (of: ChangeWorld, { id }: ChangeState) => {
    const state = await storedChange(of.store, id)
    if (state === null) throw new Error('there is no such change')
    return state
  }

  test('is there before the file loses it, and gone again only once the file has it back', async () => {
    const seen: string[] = []
    const between = (point: string) => {
      if (/secret$|^swap$/.test(point)) seen.push(`${point}: ${store.has() === token} ${file().includes(token)}`)
    }
    const of = world({ between })
    const state = await proposed(of)
    expect(state.plan.effects).toMatchObject([
      { kind: 'stored-secret', path: store.reference, before: { state: 'absent' }, after: { state: 'secret' } },
      { kind: 'file', path },
    ])
    expect(await rehearseRollback(of, state, join(made.root, 'rehearsals'))).toMatchObject({ outcome: 'passed' })
    expect(store.has()).toBeNull()
    const done = await makeChange(of, state, alone)
    expect(done).toMatchObject({ phase: 'closed', outcome: 'done', sighting: { holds: true } })
    expect([store.has(), file().includes(token), file().includes(store.reference)]).toEqual([token, false, true])
    expect(await takeBack(of, done, back, alone)).toMatchObject({ outcome: 'rolled-back', left: new Map() })
    expect([store.has(), file(), made.mode('.cursor/mcp.json')]).toEqual([null, text, '0640'])
    expect(seen).toEqual([
      'store secret: false true',
      'stored secret: true true',
      'swap: true true',
      'swap: true false',
      'remove secret: true true',
      'removed secret: false true',
    ])
  })

  test('stopped at any point, the change goes on to its end; the secret is never lost, and put there once', async () => {
    const points: string[] = []
    await stops(null, points)
    expect(points.length).toBeGreaterThan(30)
    expect(points.filter((point) => point.endsWith('secret'))).toHaveLength(4)
    const tried = [...points.keys()].filter((point) => store.tries(points[point] ?? ''))
    for (const stop of tried) expect(await stops(stop, []), `${stop}: ${points[stop]}`).toEqual(['put', 'remove'])
  }, 240_000)

  /** Makes a change and takes it back, the process dying at one point; which writes the store had. */
  async function stops(stop: number | null, points: string[]): Promise<string[]> {
    const writes: string[] = []
    const real = world()
    const counted: SecretStores = {
      ...real.stores,
      put: (...of) => real.stores.put(...of).finally(() => writes.push('put')),
      remove: (...of) => real.stores.remove(...of).finally(() => writes.push('remove')),
    }
    const of = { ...real, stores: counted }
    const between = (point: string) => {
      if (points.length === stop) throw new Error('the process is gone')
      points.push(point)
    }
    const dying = { ...of, between }
    let state = await proposed(of)
    try {
      state = await makeChange(dying, state, alone)
      state = await takeBack(dying, state, back, alone)
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'the process is gone') throw error
      expect(store.has() === token || file().includes(token), `${points.at(-1)}`).toBe(true)
      state = await makeChange(of, await stored(of, state), alone)
      if (state.outcome === 'done') {
        expect([store.has(), file().includes(token)]).toEqual([token, false])
        state = await takeBack(of, await stored(of, state), back, alone)
      }
    }
    expect(state.outcome).toBe('rolled-back')
    expect([store.has(), file()]).toEqual([null, text])
    return writes
  }

  test('where another secret lies at its place by then, neither is touched', async () => {
    const of = world()
    const state = await proposed(of)
    store.lay('of somebody else')
    await expect(makeChange(of, state, alone)).rejects.toThrow(/no longer what change/)
    expect([store.has(), file()]).toEqual(['of somebody else', text])
    await abandonChange(of, await stored(of, state), 'a test', ada)
  })

  test('where another secret came to its place right before the write, the change ends and neither is touched', async () => {
    const of = world({
      between: (point) => {
        if (point === 'recorded applying') store.lay('of somebody else')
      },
    })
    const done = await makeChange(of, await proposed(of), alone)
    expect(done.outcome).toBe('rolled-back')
    expect([store.has(), file()]).toEqual(['of somebody else', text])
  })

  test('a secret that somebody replaced since is left, and the file gets the old one back', async () => {
    const of = world()
    const done = await makeChange(of, await proposed(of), alone)
    store.clear()
    store.lay('rotated')
    const undone = await takeBack(of, done, back, alone)
    expect(undone.outcome).toBe('rolled-back-in-part')
    expect([...undone.left.values()]).toEqual(['somebody put another secret there since'])
    expect([store.has(), file()]).toEqual(['rotated', text])
  })

  test('as long as the file names it, it is not taken away', async () => {
    const of = world({ revert: () => ({ state: 'refused', reason: 'somebody changed it since' }) })
    const done = await makeChange(of, await proposed(of), alone)
    made.write('.cursor/mcp.json', file().replace('// mine', '// theirs'))
    const undone = await takeBack(of, done, back, alone)
    expect([...undone.left.values()]).toEqual([
      'somebody changed it since',
      expect.stringMatching(/mcp\.json refers to it still$/),
    ])
    expect(store.has()).toBe(token)
    expect(await takeBack(world(), await stored(of, undone), back, alone)).toMatchObject({ outcome: 'rolled-back' })
    expect([store.has(), file()]).toEqual([null, text.replace('// mine', '// theirs')])
  })

  test('a store that gives back something else is not believed: the file keeps the secret', async () => {
    const real = world()
    const lying: SecretStores = {
      ...real.stores,
      put: async (reference, secret) => {
        await real.stores.put(reference, secret)
        return { state: 'unavailable', code: 'malformed', reason: 'what is read back is not what was put there' }
      },
    }
    const done = await makeChange({ ...real, stores: lying }, await proposed(real), alone)
    expect(done).toMatchObject({ outcome: 'rolled-back', undoing: { why: expect.stringMatching(/read back/) } })
    expect([store.has(), file()]).toEqual([null, text])
  })

  test('nothing of it lies in the state folder, but encrypted', async () => {
    const of = world()
    const done = await makeChange(of, await proposed(of), alone)
    const texts = readdirSync(join(made.root, 'state'), { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), 'latin1')] : [],
    )
    expect(texts.length).toBeGreaterThan(5)
    expect(texts.flatMap((one) => leaksIn(one, canaries))).toEqual([])
    expect(leaksIn(JSON.stringify(done.steps), canaries)).toEqual([])
    await takeBack(of, done, back, alone)
  })
})

test.skipIf(!hasKeyring)('a keyring that is locked takes nothing, and the file keeps the secret', async () => {
  const opened = openSecretStores(
    { platform: 'linux', home: root, env: { PATH: process.env.PATH, ...keyring?.env } },
    { http: hands.http, fingerprint: hands.secrets.fingerprint },
  )
  keyring?.lock()
  expect(await opened.put('keyring://upkeep/locked#A', token)).toMatchObject({
    state: 'unavailable',
    reason: expect.stringMatching(/may be locked/),
  })
})
