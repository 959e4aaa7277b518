import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChangeInput, Ports } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { gatewayPlace } from '@upkeep/domain/gateways/gateway-place'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { abandonChange, makeChange, takeBack } from '@upkeep/engine/change/drive-change'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { rehearseRollback } from '@upkeep/engine/change/rehearse-rollback'
import { ada, alone, approve, type MadeWorld, makeWorld } from '@upkeep/engine/change/testing/made-world'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import { addServer } from '@upkeep/remediations/add-server/remediation'
import { disableServer } from '@upkeep/remediations/disable-server/remediation'
import { moveSecret } from '@upkeep/remediations/move-secret/remediation'
import { removeServer } from '@upkeep/remediations/remove-server/remediation'
import { setServerArgs } from '@upkeep/remediations/set-server-args/remediation'
import { setServerVersion } from '@upkeep/remediations/set-server-version/remediation'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { realPorts } from './declared.ts'
import { gatewayProgram, type PracticeGateway, startGateway } from './practice-gateway.ts'
import { installedEverything } from './server-everything.ts'
import { standingEffects } from './standing-effects.ts'

const program = await gatewayProgram()
const everything = await installedEverything()
const canary = 'canary-of-a-secret'
const pinned = '@modelcontextprotocol/server-filesystem@2025.3.28'

let gateway: PracticeGateway
let made: MadeWorld
const hands = realPorts()

const running = {
  name: 'mem',
  type: 'stdio',
  command: process.execPath,
  args: [everything, 'stdio'],
  env: { API_KEY: canary },
  sessionMode: 'shared',
}
const servers = [
  // Not started until somebody uses it: what is tried here is its entry.
  { name: 'fs', type: 'stdio', command: 'npx', args: ['-y', pinned, '/srv/data'], sessionMode: 'isolated' },
  { name: 'web', type: 'http', url: 'http://127.0.0.1:9/mcp', headers: { Authorization: `Bearer ${canary}` } },
  running,
]

describe.skipIf(program === null || everything === null)('a gateway from the registry', () => {
  beforeAll(async () => {
    made = await makeWorld([])
    gateway = await startGateway(program ?? '', join(made.root, 'gateway'))
  })
  afterAll(async () => {
    await gateway?.stop()
    await made?.drop()
  })
  beforeEach(async () => {
    for (const server of servers.slice(0, 2)) await put(server)
  })

  /** Lays a server out in the gateway, whatever was there. */
  async function put(server: (typeof servers)[number]): Promise<void> {
    await gateway.call('DELETE', `/servers/config/${server.name}`)
    expect((await gateway.call('POST', '/servers/config', server)).status).toBe(201)
  }
  afterEach(async () => {
    for (const id of await made.store.changes.open()) expect.fail(`change ${id} was left open`)
  })

  function world(over: Partial<ChangeWorld> = {}): ChangeWorld {
    const places = [gatewayPlace({ url: gateway.url, kind: 'fiberplane-gateway', token: 'env:GATEWAY_TOKEN' })]
    const secrets = openSecrets({ stateDir: join(made.root, 'state'), env: { GATEWAY_TOKEN: gateway.token } })
    const ports: Ports = { ...hands, secrets, places: { ...hands.places, list: () => places } }
    return {
      ...made.world,
      ports,
      remediations: [addServer, disableServer, moveSecret, removeServer, setServerArgs, setServerVersion],
      ...standingEffects(ports),
      ...over,
    }
  }

  const named = (server: string) => ({ path: gateway.address, server })
  /** Sets fs to another version. */
  const version = (to: string): ChangeInput => ({
    kind: 'set-server-version',
    ...named('fs'),
    package: '@modelcontextprotocol/server-filesystem',
    from: '2025.3.28',
    to,
  })

  async function proposed(of: ChangeWorld, ...inputs: ChangeInput[]): Promise<ChangeState> {
    const plan = await planChange(of, { inputs, title: 'a test', class: 'normal', closes: [] })
    if (plan === null) throw new Error('there is nothing to change')
    return approve(made, await proposeChange(of, plan, { requester: ada, reason: null }))
  }
  const back = { why: 'a test', signer: ada }

  test('another version is set by one call, seen in the gateway, and taken back to the very same entry', async () => {
    const of = world()
    const before = await gateway.entry('fs')
    const state = await proposed(of, version('2.0.1'))
    expect(state.plan.effects).toMatchObject([{ kind: 'gateway-entry', path: `${gateway.address}#fs` }])
    expect(state.plan.limits).toContainEqual(expect.stringMatching(/cannot hold others off/))
    expect(state.plan.irreversible).toEqual([])
    expect(await rehearseRollback(of, state, join(made.root, 'rehearsals'))).toMatchObject({ outcome: 'passed' })
    const done = await makeChange(of, state, alone)
    expect(done).toMatchObject({ phase: 'closed', outcome: 'done', sighting: { holds: true } })
    expect(await gateway.entry('fs')).toEqual({
      ...before,
      args: ['-y', '@modelcontextprotocol/server-filesystem@2.0.1', '/srv/data'],
    })
    expect(done.steps.map(({ is }) => is)).toEqual(
      expect.arrayContaining(['applying', 'effect-begun', 'effect-done', 'applied', 'observed']),
    )
    expect(await takeBack(of, done, back, alone)).toMatchObject({ outcome: 'rolled-back' })
    expect(await gateway.entry('fs')).toEqual(before)
  })

  test('switched off, a server is gone from the gateway and its process with it; taken back it serves again', async () => {
    const of = world()
    await put(running)
    const before = await gateway.entry('mem')
    const stored = JSON.parse(gateway.stored())
    const pid = await gateway.pidOf('mem')
    expect(pid).toBeGreaterThan(0)
    const done = await makeChange(of, await proposed(of, { kind: 'disable-server', ...named('mem') }), alone)
    expect(done.outcome).toBe('done')
    expect(await gateway.entry('mem')).toBeNull()
    for (let tries = 0; isAlive(pid) && tries < 50; tries += 1) await sleep(100)
    expect(isAlive(pid)).toBe(false)
    expect(await takeBack(of, done, back, alone)).toMatchObject({ outcome: 'rolled-back' })
    expect(await gateway.entry('mem')).toEqual(before)
    expect(await gateway.pidOf('mem')).toBeGreaterThan(0)
    expect(JSON.parse(gateway.stored())).toEqual(stored)
  })

  test('what was kept for undoing shows nothing of the entry, and nothing of the token', async () => {
    const of = world()
    await put(running)
    const inputs: ChangeInput[] = ['mem', 'web'].map((name) => ({ kind: 'remove-server', ...named(name) }))
    const done = await makeChange(of, await proposed(of, ...inputs), alone)
    expect(done.outcome).toBe('done')
    const folder = join(made.root, 'state')
    const texts = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const read = entry.isFile() ? of.ports.files.read(join(entry.parentPath, entry.name), 1 << 28) : null
      return read?.state === 'present' ? [Buffer.from(read.bytes).toString('latin1')] : []
    })
    expect(texts.length).toBeGreaterThan(5)
    expect(texts.filter((text) => text.includes(canary) || text.includes(gateway.token))).toEqual([])
    await takeBack(of, done, back, alone)
    expect(await gateway.entry('web')).toMatchObject({ headers: { Authorization: `Bearer ${canary}` } })
  })

  test('stopped at any point, a change goes on to its end, and no call is made twice', async () => {
    const before = await gateway.entry('fs')
    const points = await stops(world(), -1)
    expect(points).toBeGreaterThan(15)
    for (let stop = 0; stop < points; stop += 1) {
      expect(await stops(world(), stop), `point ${stop}`).toBe(stop)
    }
    expect(await gateway.entry('fs')).toEqual(before)
  })

  /** Makes a change and takes it back, the process dying at one point; how many points there were before it. */
  async function stops(base: ChangeWorld, stop: number): Promise<number> {
    let met = 0
    const calls: string[] = []
    const exchange: Ports['http']['exchange'] = (request) => {
      if (request.method !== 'GET') calls.push(request.method)
      return base.ports.http.exchange(request)
    }
    const of = { ...base, ports: { ...base.ports, http: { exchange } } }
    const between = () => {
      if (met === stop) throw new Error('the process is gone')
      met += 1
    }
    const dying = { ...of, between }
    let state = await proposed(of, version('2.0.1'))
    const again = async () => (await storedChange(of.store, state.id)) ?? state
    try {
      state = await makeChange(dying, state, alone)
      state = await takeBack(dying, state, back, alone)
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'the process is gone') throw error
      state = await makeChange(of, await again(), alone)
      if (state.outcome === 'done') {
        expect(await gateway.entry('fs')).toMatchObject({
          args: expect.arrayContaining([expect.stringMatching(/@2\.0\.1$/)]),
        })
        state = await takeBack(of, await again(), back, alone)
      }
    }
    expect(state.outcome).toBe('rolled-back')
    // There and back: a call that was heard is seen to have been, and not made again.
    expect(calls, `point ${stop}`).toEqual(['PUT', 'PUT'])
    return met
  }

  test('what somebody changed since the plan is not written over', async () => {
    const of = world()
    const state = await proposed(of, version('2.0.1'))
    await gateway.call('PUT', '/servers/config/fs', { args: ['-y', pinned, '/srv/other'] })
    await expect(makeChange(of, state, alone)).rejects.toThrow(/no longer what change/)
    expect(await gateway.entry('fs')).toMatchObject({ args: ['-y', pinned, '/srv/other'] })
    await giveUp(of, state)
  })

  test('what somebody changed after it stays when it is taken back', async () => {
    const of = world()
    const done = await makeChange(of, await proposed(of, version('2.0.1')), alone)
    const args = ['-y', '@modelcontextprotocol/server-filesystem@2.0.1', '/srv/other']
    await gateway.call('PUT', '/servers/config/fs', { args })
    expect(await takeBack(of, done, back, alone)).toMatchObject({ outcome: 'rolled-back' })
    expect(await gateway.entry('fs')).toMatchObject({ args: ['-y', pinned, '/srv/other'] })
  })

  test('a gateway that is gone in the middle is said to be, and the change is taken back once it is there again', async () => {
    const before = await gateway.entry('fs')
    let isGone = false
    const of = world({
      between: (point) => {
        isGone ||= point === 'called PUT'
      },
    })
    // Right after the call nothing answers any more, as when the machine of the gateway stops.
    const real = of.ports.http
    const cut: Ports['http'] = {
      exchange: (request) =>
        isGone
          ? Promise.resolve({ state: 'unavailable', code: 'unreachable', reason: 'nothing accepts connections there' })
          : real.exchange(request),
    }
    const cutOff = { ...of, ports: { ...of.ports, http: cut } }
    const state = await makeChange(cutOff, await proposed(of, version('2.0.1')), alone)
    expect(state).toMatchObject({ outcome: 'rolled-back-in-part' })
    expect([...state.left.values()]).toEqual([expect.stringMatching(/whether it stands is not known/)])
    expect(await takeBack(world(), state, back, alone)).toMatchObject({ outcome: 'rolled-back' })
    expect(await gateway.entry('fs')).toEqual(before)
  })

  test('one that does not answer, does not take the token, or is not listed is not changed, and it is said why', async () => {
    const of = world()
    const wrong = { ...of.ports.secrets, resolve: () => 'another' }
    const none = hands.places
    await expect(proposed({ ...of, ports: { ...of.ports, secrets: wrong } }, version('2.0.1'))).rejects.toThrow(/401/)
    await expect(proposed({ ...of, ports: { ...of.ports, places: none } }, version('2.0.1'))).rejects.toThrow(
      /no file of a client/,
    )
    await gateway.stop()
    await expect(proposed(of, version('2.0.1'))).rejects.toThrow(/could not be asked: nothing accepts connections/)
    await gateway.restart()
  })

  test('a server is added; a secret stays, since no file of this machine is there for the gateway', async () => {
    const of = world()
    const add: ChangeInput = {
      kind: 'add-server',
      ...named('docs'),
      entry: { transport: 'http', url: 'http://127.0.0.1:9/docs', headers: {} },
    }
    const done = await makeChange(of, await proposed(of, add), alone)
    expect(await gateway.entry('docs')).toMatchObject({ type: 'http', url: 'http://127.0.0.1:9/docs' })
    await takeBack(of, done, back, alone)
    expect(await gateway.entry('docs')).toBeNull()
    const move: ChangeInput = {
      kind: 'move-secret',
      ...named('mem'),
      secret: { in: 'env', name: 'API_KEY' },
      to: { store: 'file' },
    }
    await expect(proposed(of, move)).rejects.toThrow(/may run on another machine/)
  })

  async function giveUp(of: ChangeWorld, state: ChangeState): Promise<void> {
    const now = await storedChange(of.store, state.id)
    if (now !== null) await abandonChange(of, now, 'a test', ada)
  }
})

function isAlive(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0)
  } catch {
    return false
  }
}
