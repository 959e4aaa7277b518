import type { Assessment, Facts, FindingDraft, Seen } from '@upkeep/contract'
import { judgeDestination } from '@upkeep/domain/integrations/known-destination'
import { printable } from '@upkeep/domain/printable'
import type { Rules } from './rules.ts'

type Integrations = Facts<'integrations'>
type Reach = Extract<FindingDraft<Rules>, { rule: 'undeclared-destination' }>['facts']
type Said = Pick<Assessment<Rules>, 'findings' | 'unknowns' | 'passes'>

/** Where it really goes: what it tried in the sandbox, and what its processes on this machine are connected to. */
export interface Observed {
  tests: Seen<'server-tests'>
  processes: Seen<'host-processes'>
}

/** Holds what a server was seen to reach against what its declaration names. Where nothing was observed nothing is said. */
export function judgeDestinations(declared: Integrations, observed: Observed): Said {
  const reached = [...inSandbox(observed.tests), ...onMachine(observed.processes)]
  const known = reached.map((one) => ({ ...one, known: judgeDestination(one.destination, declared) }))
  const undeclared = firstOfEach(known.filter((one) => one.known === 'undeclared'))
  const open = firstOfEach(known.filter((one) => one.known === 'cannot-tell'))
  return {
    findings: undeclared.map(({ known: _, ...facts }) => stated(facts)),
    unknowns: [
      ...open.map(
        ({ destination }) => `whether ${destination} is one of the hosts that it declares: names are not looked up`,
      ),
      ...unread(observed.processes),
    ],
    passes: undeclared.length > 0 || open.length > 0 ? [] : proven(observed, reached.length),
  }
}

function inSandbox(tests: Seen<'server-tests'>): Reach[] {
  if (tests.state !== 'seen') return []
  const { at, attempts } = tests.facts
  return (attempts ?? [])
    .filter(({ what }) => what === 'connect')
    .map(({ target, during, atMs, times }) => ({
      destination: target,
      seen: 'sandbox',
      during,
      pid: null,
      at,
      atMs,
      times,
    }))
}

function onMachine(processes: Seen<'host-processes'>): Reach[] {
  if (processes.state !== 'seen') return []
  const { at } = processes.facts
  return processes.facts.processes.flatMap(({ pid, connections }) =>
    (connections ?? []).map(({ remote }) => ({
      destination: remote,
      seen: 'machine',
      during: null,
      pid,
      at,
      atMs: null,
      times: 1,
    })),
  )
}

/** Seen on this machine counts before tried in the sandbox: there it was not in reach. */
function firstOfEach<One extends Reach>(reached: readonly One[]): One[] {
  const found = new Map<string, One>()
  for (const one of reached) {
    const before = found.get(one.destination)
    if (before === undefined || (before.seen === 'sandbox' && one.seen === 'machine')) found.set(one.destination, one)
  }
  return [...found.values()]
}

function stated(facts: Reach): FindingDraft<Rules> {
  return {
    rule: 'undeclared-destination',
    facts,
    summary: `${facts.destination}: ${whenSeen(facts)}; its declaration does not name it`,
    action: 'Find out why it goes there; name the address in its entry if it has to, else disable the server.',
  }
}

function whenSeen({ seen, during, pid, at, atMs, times }: Reach): string {
  const time = `${at.slice(0, 19).replace('T', ' ')} UTC`
  if (seen === 'machine') return `process ${pid} is connected to it (${time})`
  const call =
    during === null
      ? 'between requests'
      : during === 'start'
        ? 'as it starts'
        : `during ${printable(during, { maxLength: 80 })}`
  return `tried in the sandbox ${call}, ${atMs} ms after the start${times > 1 ? `, ${times} times` : ''} (${time})`
}

function unread(processes: Seen<'host-processes'>): string[] {
  return processes.state === 'seen' ? processes.facts.notRead : []
}

/** Green says what proved it: how often it ran, watched, and what was looked at while it ran. */
function proven({ tests, processes }: Observed, reached: number): string[] {
  const said: string[] = []
  if (tests.state === 'seen' && tests.facts.attempts !== null && !tests.facts.attemptsCut) {
    const { trials, calls, at } = tests.facts
    const answered = trials.filter((one) => one.watched && one.state === 'answered').length
    const outcome = reached === 0 ? '0 attempts to connect' : `${reached} attempts, each to what it declares`
    if (answered > 0)
      said.push(
        `every system call was watched in ${answered} of its starts, with ${calls.length} golden calls (${at.slice(0, 10)}): ${outcome}`,
      )
  }
  if (processes.state === 'seen' && processes.facts.processes.some(({ connections }) => connections !== null)) {
    const { processes: running } = processes.facts
    said.push(`${running.length} processes of it run on this machine, connected to nothing that it does not declare`)
  }
  return said
}
