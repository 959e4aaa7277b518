import { UserError } from '@upkeep/contract'
import { openProduct } from '../open-product.ts'
import { runOperation } from '../operations/run-operation.ts'
import { operations } from '../operations/table.ts'
import { exposed } from './exposed.ts'
import { type Served, served } from './served.cases.ts'

/** What is asked of each operation. One that is not here fails the test: the table is whole, or this is no parity. */
export const asked: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  upkeep: [{}],
  scan: [{}, { duties: ['no-such-duty'] }],
  status: [{}, { owner: 'nobody' }, { brief: true }],
  figures: [{}],
  findings: [{}, { about: 'fs', resolved: true }, { unknown: true }],
  accept: [{ finding: 'no-such-finding', until: '30d', reason: 'a reason' }],
  servers: [{}, { name: 'fs' }],
  integrations: [{}, { server: 'fs' }],
  api: [{}],
  'who-has': [{ package: '@modelcontextprotocol/server-filesystem' }],
  'may-use': [{ server: 'fs' }, { server: 'no-such-server' }, { server: 'everything', client: 'cursor' }],
  notices: [{}, { server: 'fs', days: 7 }],
  'contract.publish': [{ server: 'no-such-server' }, { server: 'everything' }],
  'contract.show': [{ server: 'no-such-server' }, { server: 'fs', listed: true }],
  'contract.list': [{}],
  'what-changed': [{}, { since: '2026-01-01', server: 'fs' }, { since: 'yesterday' }],
  prove: [{ servers: ['fs'] }],
  fix: [{ what: ['fs'], plan: true }, {}, { what: ['nothing'] }],
  undo: [{ change: 'no-such-change' }],
  changes: [{}, { all: true }, { change: 'no-such-change' }],
  approve: [{ change: 'no-such-change' }],
  emergency: [{ what: 'no-such-server' }],
  windows: [{}, { feed: true }],
  'window.times': [{ rrule: 'FREQ=WEEKLY;BYDAY=SU', at: '02:00', zone: 'Europe/Berlin', duration: 'PT2H' }],
  'window.set': [
    { name: 'a', rrule: 'FREQ=DAILY', at: '02:00', zone: 'Europe/Berlin', duration: 'PT2H', plan: true },
    { name: 'a', rrule: 'FREQ=WEEKLY', at: '02:00', zone: 'Europe/Berlin', duration: 'PT2H' },
  ],
  'window.remove': [{ name: 'no-such-window' }],
  'freeze.set': [{ why: 'a', from: '2036-01-02T00:00:00Z', until: '2036-01-01T00:00:00Z' }],
  'freeze.remove': [{ why: 'no-such-freeze' }],
  rollout: [{}],
  surface: [{ server: 'no-such-server' }],
  doctor: [{}],
  inbox: [{}, { answer: 'why', id: 'no-such-question' }],
  duties: [{}, { adopted: true }],
  runs: [{}, { duty: 'health-checks' }],
  trends: [{ days: 7 }],
  'baseline.show': [{}],
  'baseline.accept': [{ servers: ['no-such-server'], reason: 'a reason' }],
  confine: [{ server: 'no-such-server', plan: true }],
  attest: [{ scope: 'health-checks', statement: 'looked at it', until: '30d', role: 'operator' }, { scope: '' }],
  show: [{ id: 'no-such-record' }],
  proof: [{ id: 'no-such-record' }],
  'feeds.list': [{}],
  keys: [{}],
  keep: [{ server: 'no-such-server' }],
  sbom: [{ server: 'fs' }],
  vex: [{ server: 'fs' }],
  'export.ocsf': [{}],
  enforce: [{ plan: true }],
  'results.list': [{}],
  'results.remove': [{ name: 'no-such-results' }],
  profile: [{ profile: 'team' }],
  'status-page': [{}],
  'notify.channels': [{}],
  'notify.log': [{}, { state: 'failed' }],
  'notify.test': [{}, { channel: 'no-such-channel' }],
  tickets: [{}],
  'tickets.sync': [{}],
  'token.list': [{}],
  'sign-ins': [{ person: 'nobody-of-that-name' }],
  'token.revoke': [{ name: 'no-such-token' }],
}

export const table = exposed(operations)

export type Exposed = (typeof table)[number]

/** A home that two installations look at: one is asked through a door, its twin as the command line asks. */
export interface Twins {
  readonly door: Served
  /** What the terminal answers, without what is another one in each installation. */
  askedHere(one: Exposed, input: Record<string, unknown>): Promise<unknown>
}

export async function twins(): Promise<Twins> {
  const door = await served()
  const state = `${door.state}-of-twin`
  const machine = { ...door.machine, env: { UPKEEP_HOME: state } }
  return {
    door,
    async askedHere({ operation }, input) {
      const request = { machine, signal: new AbortController().signal, progress: () => {}, tell: () => {} }
      const { context, close } = await openProduct(request, 'own')
      try {
        const { output } = await runOperation(operation, context, input)
        return plain(output, { state })
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return { code: error.code, message: plain(error.message, { state }) }
      } finally {
        await close()
      }
    },
  }
}

/** Where two answers part, for whoever reads a failure. */
export function firstDifference(one: unknown, other: unknown): string {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)]
  const at = [...a].findIndex((sign, index) => sign !== b[index])
  return `${a.slice(Math.max(0, at - 60), at + 80)} | ${b.slice(Math.max(0, at - 60), at + 80)}`
}

/** Without what is another one in each installation: ids, digests, times, folders. In the order of its properties. */
export function plain(value: unknown, { state }: { state: string }): unknown {
  const text = JSON.stringify(value, (_, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
  return JSON.parse(
    (text ?? 'null')
      .replaceAll(state, 'STATE')
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
      .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME')
      .replace(/\d{8}T\d{6}Z/g, 'TIME')
      .replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g, 'TIME')
      .replace(/\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b/g, 'DIGEST')
      .replace(/\b1[789]\d{11}\b/g, 'MILLISECONDS')
      // What is signed holds the time, and so does its signature.
      .replace(/[A-Za-z0-9+/]{86,}={0,2}/g, 'SIGNED')
      .replace(/[A-Za-z0-9+/]{43}=/g, 'HASH')
      .replace(/\bupkeep\/[0-9a-f]{16}\+[0-9a-f]{8}\b/g, 'KEY'),
  )
}
