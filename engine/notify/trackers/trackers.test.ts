import { type TicketMessage, TicketTracker } from '@upkeep/contract/ticket'
import { noteMark } from '@upkeep/domain/tickets/ticket-text'
import { github } from '@upkeep/lab/servers/trackers/github'
import { gitlab } from '@upkeep/lab/servers/trackers/gitlab'
import { jira } from '@upkeep/lab/servers/trackers/jira'
import { serviceNow } from '@upkeep/lab/servers/trackers/servicenow'
import {
  type Answered,
  type Contract,
  practiceTicket,
  serveTracker,
  type TrackerServer,
} from '@upkeep/lab/servers/trackers/tracker-server'
import { afterEach, describe, expect, test } from 'vitest'
import { openOutgoing } from '../../ports/outgoing.ts'
import type { SendingHands } from '../send-notice.ts'
import { TrackerRefused } from './ask.ts'
import { openTracker } from './open-tracker.ts'
import type { Tracker } from './tracker.ts'

const change = '019abc01-0000-7000-8000-000000000001'
const message: TicketMessage = {
  change,
  is: 'opened',
  title: 'set fs to 2.0.1',
  sections: [{ heading: 'What it does', lines: ['fs goes from 1.0.0 to 2.0.1'] }],
  since: '2026-11-22T09:00:00.000Z',
  due: '2026-11-25',
  move: 'stay',
}
const note: TicketMessage = { ...message, is: 'note', sections: [{ heading: '', lines: ['approved by bob'] }] }

const services = {
  github: {
    contract: github,
    settings: { github: 'example/mcp' },
    key: 'example/mcp#1',
    done: 'closed, completed',
    by: 'upkeep-bot',
  },
  gitlab: {
    contract: gitlab,
    settings: { gitlab: 'group/sub/mcp' },
    key: 'group/sub/mcp#1',
    done: 'closed',
    by: 'upkeep-bot',
  },
  'jira cloud': {
    contract: jira({ cloud: true }),
    settings: { jira: 'OPS', user: 'ops@example.org' },
    key: 'OPS-1',
    done: 'Done',
    by: 'upkeep bot',
  },
  'jira data center': {
    contract: jira({ cloud: false }),
    settings: { jira: 'OPS', deployment: 'data-center' },
    key: 'OPS-1',
    done: 'Done',
    by: 'upkeep bot',
  },
  servicenow: {
    contract: serviceNow(),
    settings: { servicenow: 'change_request', user: 'upkeep', moves: { begun: '-1', done: '3', dropped: '4' } },
    key: 'CHG0030001',
    done: 'Closed',
    by: 'Upkeep Bot',
  },
  'servicenow incidents': {
    contract: serviceNow({ table: 'incident' }),
    settings: { servicenow: 'incident', user: 'upkeep', moves: { begun: '2', done: '6', dropped: '8' } },
    key: 'INC0030001',
    done: 'Resolved',
    by: 'Upkeep Bot',
  },
} as const
const names = Object.keys(services) as (keyof typeof services)[]

const servers: TrackerServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => one.close()))
})

interface Opened {
  server: TrackerServer
  tracker: Tracker
}

async function opened(
  name: keyof typeof services,
  over: { contract?: Contract; token?: string; settings?: object } = {},
): Promise<Opened> {
  const { contract, settings } = services[name]
  const server = await serveTracker(over.contract ?? contract)
  servers.push(server)
  const kind = name.split(' ')[0]
  const token = over.token ?? `${kind}-token`
  const hands: SendingHands = {
    outgoing: openOutgoing(['127.0.0.1']),
    resolve: (reference) => (reference === 'env:TOKEN' ? token : null),
    now: () => '2026-11-22T09:30:00.000Z',
  }
  const given = TicketTracker.parse({ name: 'it', at: server.url, token: 'env:TOKEN', ...settings, ...over.settings })
  return { server, tracker: openTracker(given, hands) }
}

/** How it was refused. */
async function refused(asked: Promise<unknown>) {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof TrackerRefused)) throw error ?? new Error('it was not refused')
  return error.sent
}

describe.each(names)('%s', (name) => {
  const { key, done, by } = services[name]

  test('a ticket is opened, found again, commented, moved on and read back, as the published API has it', async () => {
    const { server, tracker } = await opened(name)
    expect(await tracker.find(change, message.since)).toBeNull()
    const ref = await tracker.open(message)
    expect(ref.key).toBe(key)
    const site = new URL(server.url)
    expect(ref.url === null ? null : new URL(ref.url).host).toBe(site.host)
    expect(await tracker.find(change, message.since)).toEqual(ref)
    expect(await tracker.find('019abc01-0000-7000-8000-000000000002', message.since)).toBeNull()
    expect(await tracker.read(ref.ref)).toMatchObject({ is: 'open', closedBy: null, comments: 0 })
    const mark = noteMark('n1')
    expect(await tracker.holds(ref.ref, mark)).toBe(false)
    await tracker.comment(ref.ref, note, mark)
    expect([await tracker.holds(ref.ref, mark), await tracker.holds(ref.ref, noteMark('n'))]).toEqual([true, false])
    await tracker.move(ref.ref, 'begun')
    expect(await tracker.read(ref.ref)).toMatchObject({ is: 'open', comments: 1 })
    await tracker.move(ref.ref, 'done')
    expect(await tracker.read(ref.ref)).toEqual({ is: 'closed', status: done, closedBy: by, comments: 1 })
    expect(server.refused).toEqual([])
    expect(JSON.stringify(server.tickets)).not.toContain('-token')
  })

  test('one that is deleted is gone, and what cannot be told there is refused for good', async () => {
    const { server, tracker } = await opened(name)
    const { ref } = await tracker.open(message)
    const [ticket] = server.tickets
    if (ticket !== undefined) ticket.deleted = true
    expect(await tracker.read(ref)).toEqual({ is: 'gone' })
    expect(await tracker.find(change, message.since)).toBeNull()
    expect(await refused(tracker.comment(ref, note, noteMark('n1')))).toMatchObject({ again: false })
  })

  test('a wrong token is refused for good, and no token is asked for again', async () => {
    const { server, tracker } = await opened(name, { token: 'wrong' })
    expect(await refused(tracker.open(message))).toEqual({
      delivered: false,
      says: 'it answered 401',
      again: false,
      retryAfter: null,
    })
    const without = await opened(name, { settings: { token: 'env:MISSING' } })
    expect(await refused(without.tracker.open(message))).toMatchObject({
      says: 'its token is not where it is said to be',
      again: true,
    })
    expect(without.server.arrived).toEqual([])
    expect(server.tickets).toEqual([])
  })

  test.each<[string, Answered, { says: string; again: boolean; retryAfter?: string | null }]>([
    ['forbids it', { status: 403 }, { says: 'it answered 403', again: false }],
    ['does not know the project', { status: 404 }, { says: 'it answered 404', again: false }],
    ['is in conflict', { status: 409 }, { says: 'it answered 409', again: false }],
    ['does not take it', { status: 422 }, { says: 'it answered 422', again: false }],
    [
      'has too much to do',
      { status: 429, headers: { 'retry-after': '600' } },
      { says: 'it answered 429: too many requests', again: true, retryAfter: '600' },
    ],
    ['is down', { status: 503 }, { says: 'it answered 503', again: true }],
    [
      'sends elsewhere',
      { status: 302, headers: { location: 'http://169.254.169.254/' } },
      { says: 'it answered 302, and redirects are not followed', again: false },
    ],
    [
      'answers a page',
      { status: 200, body: '<html>sign in</html>' },
      { says: 'it answered 200 with something else than JSON', again: true },
    ],
    [
      'answers something else',
      { status: 200, body: { no: 'ticket' } },
      { says: 'it answered something else than its API describes', again: true },
    ],
    [
      'answers 50 MB',
      { status: 200, body: 'x'.repeat(50_000_000) },
      { says: 'it answered more than 2 MB', again: true },
    ],
  ])('a tracker that %s', async (_, answer, sent) => {
    const { server, tracker } = await opened(name)
    server.fault = () => answer
    expect(await refused(tracker.open(message))).toMatchObject({ delivered: false, ...sent })
    expect(server.tickets).toEqual([])
  })
})

test('GitHub says by 403 that there were too many requests, and until when', async () => {
  const { server, tracker } = await opened('github')
  const reset = String(Date.parse('2026-11-22T09:40:00.000Z') / 1_000)
  server.fault = () => ({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } })
  expect(await refused(tracker.open(message))).toMatchObject({ again: true, retryAfter: '600' })
})

test('labels that GitHub does not let a token set are left out, and the ticket is opened', async () => {
  const { server, tracker } = await opened('github')
  server.fault = ({ method, body }, when) =>
    method === 'POST' && when === 'before' && 'labels' in Object(body)
      ? { status: 403, body: { message: 'no push access' } }
      : null
  await tracker.open(message)
  expect(server.tickets[0]?.fields).not.toHaveProperty('labels')
})

test('a ticket is found behind a page of newer ones; what only quotes the sign, or is older than the change, is none', async () => {
  const { server, tracker } = await opened('github')
  const ref = await tracker.open(message)
  for (let count = 0; count < 100; count += 1)
    practiceTicket(server.tickets, { title: 'another', body: 'of somebody' }, 'open')
  expect(await tracker.find(change, message.since)).toEqual(ref)
  const quoting = await opened('github')
  practiceTicket(
    quoting.server.tickets,
    { title: 'a trap', body: `\`upkeep-change:${change}\`\n\`upkeep-change:other\`` },
    'open',
  )
  expect(await quoting.tracker.find(change, message.since)).toBeNull()
  const late = await opened('github')
  for (let count = 0; count < 101; count += 1)
    practiceTicket(late.server.tickets, { title: 'another', body: '' }, 'open')
  expect(await late.tracker.find(change, '2026-12-24T00:00:00.000Z')).toBeNull()
  expect(late.server.arrived).toHaveLength(1)
})

test('comments of GitLab are looked through page by page', async () => {
  const { server, tracker } = await opened('gitlab')
  const { ref } = await tracker.open(message)
  await tracker.comment(ref, note, noteMark('n1'))
  server.tickets[0]?.comments.unshift(...Array.from({ length: 150 }, () => 'thanks'))
  expect(await tracker.holds(ref, noteMark('n1'))).toBe(true)
  expect(server.arrived.filter(({ path, method }) => path.endsWith('/notes') && method === 'GET')).toHaveLength(2)
})

test('the address of a project that is named by its number counts only on the host of GitLab', async () => {
  const numbered: Contract = (request, tickets) =>
    gitlab({ ...request, path: request.path.replace('/projects/42/', '/projects/group%2Fsub%2Fmcp/') }, tickets)
  const { tracker } = await opened('gitlab', { contract: numbered, settings: { gitlab: '42' } })
  expect((await tracker.open(message)).url).toBeNull()
})

test('a Jira project without a day by which things are due gets its ticket without it; without labels it gets none', async () => {
  const { server, tracker } = await opened('jira cloud', { contract: jira({ cloud: true, duedate: false }) })
  await tracker.open(message)
  expect(server.tickets[0]?.fields).not.toHaveProperty('duedate')
  server.fault = () => ({ status: 400, body: { errorMessages: [], errors: { labels: 'not on the screen' } } })
  expect(await refused(tracker.open(message))).toMatchObject({ says: 'it answered 400', again: false })
})

test('where no transition leads on, that is an answer; a named one is taken by its name', async () => {
  const { server, tracker } = await opened('jira data center', {
    settings: { jira: 'OPS', deployment: 'data-center', moves: { done: 'To In Progress' } },
  })
  const { ref } = await tracker.open(message)
  await tracker.move(ref, 'done')
  expect(server.tickets[0]?.status).toBe('In Progress')
  expect(await tracker.move(ref, 'done')).toBe('the transition "To In Progress" does not lead on from where it is')
})

test('without the right to read notes of ServiceNow they are not counted; without values of states it is only commented', async () => {
  const { server, tracker } = await opened('servicenow', {
    contract: serviceNow({ journal: false }),
    settings: { servicenow: 'change_request', user: 'upkeep', moves: {} },
  })
  const { ref } = await tracker.open(message)
  expect(await tracker.read(ref)).toMatchObject({ is: 'open', comments: null })
  expect(await tracker.move(ref, 'done')).toBe('')
  expect(server.tickets[0]?.status).toBe('-5')
})

test('what a number means is another thing in each table: 3 is closed of a change request, and on hold of an incident', async () => {
  const moves = { done: '3' }
  const [request, incident] = [
    await opened('servicenow', { settings: { servicenow: 'change_request', user: 'upkeep', moves } }),
    await opened('servicenow incidents', { settings: { servicenow: 'incident', user: 'upkeep', moves } }),
  ]
  const stands = []
  for (const { tracker } of [request, incident]) {
    const { ref } = await tracker.open(message)
    await tracker.move(ref, 'done')
    stands.push(await tracker.read(ref))
  }
  expect(stands).toMatchObject([
    { is: 'closed', status: 'Closed' },
    { is: 'open', status: 'On Hold', closedBy: null },
  ])
})

test('an instance that leaves a query out and gives everything gives no ticket of another change', async () => {
  const { server, tracker } = await opened('servicenow')
  await tracker.open(message)
  server.fault = ({ path }) =>
    path.endsWith('/change_request')
      ? { status: 200, body: { result: [{ sys_id: 'a'.repeat(32), number: 'CHG1', correlation_id: 'x' }] } }
      : null
  expect(await tracker.find(change, message.since)).toBeNull()
})

test('one that never answers is given up after ten seconds', { timeout: 20_000 }, async () => {
  const { server, tracker } = await opened('gitlab')
  server.fault = () => 'hang'
  expect(await refused(tracker.open(message))).toMatchObject({
    says: 'no complete answer within 10000 ms',
    again: true,
  })
})

test.each([
  ['a user in the address', { github: 'a/b', at: 'https://me:pw@api.github.com' }],
  ['another scheme', { github: 'a/b', at: 'file:///etc/passwd' }],
  ['a path as a repository', { github: '../../admin' }],
  ['a project that climbs', { gitlab: 'a/../b', at: 'https://gitlab.com/' }],
  ['a token in the file', { github: 'a/b', token: 'ghp_abc' }],
  ['Cloud without a user', { jira: 'OPS', at: 'https://example.atlassian.net' }],
  ['Data Center with one', { jira: 'OPS', at: 'https://jira.example', deployment: 'data-center', user: 'a@b.example' }],
])('%s is refused', (_, settings) => {
  expect(TicketTracker.safeParse({ name: 'it', token: 'env:TOKEN', ...settings }).success).toBe(false)
})
