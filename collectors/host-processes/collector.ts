import { defineCollector, type Facts, type Observation, type Seen } from '@upkeep/contract'
import type { HostProcess } from '@upkeep/contract/observations/host-process'
import type { FilesPort } from '@upkeep/contract/ports'
import { descriptorsOf, outgoing, socketsOf } from './connections.ts'
import { runsPlan } from './match-process.ts'
import { type ListedProcess, readProcesses, startedAtMs, textOf, treeOf } from './proc-table.ts'

type Found = { process: ListedProcess; by: HostProcess['by'] }

/** The processes of a server that run on this machine, with what they use and whom they are connected to. Reads `/proc`; stops nothing. */
export const hostProcesses = defineCollector({
  id: 'host-processes',
  version: 1,
  title: 'Running processes',
  sees: ['host-processes'],
  per: 'server',
  reaches: ['files'],
  after: ['run-plan', 'listener'],
  timeoutSeconds: 20,
  async collect({ for: { subject, place }, prior, ports: { files }, at }) {
    const [plan, listener] = [prior['run-plan'][0], prior.listener[0]]
    return [{ kind: 'host-processes', subject, ...look() }]

    function look(): Seen<'host-processes'> {
      if (!place.machine) return { state: 'absent', reason: 'the configuration is not of this machine' }
      if (place.platform !== 'linux') return unavailable('running processes are looked at on Linux so far')
      const known = knownBy(plan, listener)
      if (typeof known === 'string') return unavailable(known)
      if (known === null) return { state: 'absent', reason: 'it runs on another machine' }
      const all = readProcesses(files)
      if (all === null) return unavailable('this system has no list of processes under /proc')
      return { state: 'seen', facts: factsOf(files, withChildren(rootsOf(files, all, known), all), at) }
    }
  },
})

/** By what its processes can be told from others. A text says why they cannot; null that there is nothing to tell. */
function knownBy(
  plan: Observation<'run-plan'> | undefined,
  listener: Observation<'listener'> | undefined,
): { plan: Facts<'run-plan'> | null; port: number | null } | string | null {
  const planned = plan?.state === 'seen' ? plan.facts : null
  const port = listener?.state === 'seen' && listener.facts.addresses.length > 0 ? listener.facts.port : null
  if (planned !== null || port !== null) return { plan: planned, port }
  if (plan?.state === 'unavailable') return `what would be started is not known (${plan.reason})`
  if (listener?.state === 'unavailable') return listener.reason
  return listener?.state === 'seen' ? { plan: null, port: null } : null
}

function rootsOf(
  files: FilesPort,
  all: readonly ListedProcess[],
  { plan, port }: { plan: Facts<'run-plan'> | null; port: number | null },
): Found[] {
  return all.flatMap((process): Found[] => {
    if (plan !== null && runsPlan(files, process.pid, plan)) return [{ process, by: 'command-line' }]
    return port !== null && listensOn(files, process.pid, port) ? [{ process, by: 'listening-port' }] : []
  })
}

function listensOn(files: FilesPort, pid: number, port: number): boolean {
  const { sockets } = descriptorsOf(files, pid)
  if (sockets === null || sockets.size === 0) return false
  const open = socketsOf(files, pid, sockets) ?? []
  return open.some(({ protocol, socket }) => protocol === 'tcp' && socket.state === '0A' && socket.local.port === port)
}

function withChildren(roots: readonly Found[], all: readonly ListedProcess[]): Found[] {
  const found = new Map<number, Found>()
  for (const root of roots) {
    for (const process of treeOf(root.process, all)) {
      const by = process === root.process ? root.by : 'child'
      if (!found.has(process.pid) || by !== 'child') found.set(process.pid, { process, by })
    }
  }
  return [...found.values()].slice(0, 500)
}

function factsOf(files: FilesPort, found: readonly Found[], at: string): Facts<'host-processes'> {
  const notRead: string[] = []
  const processes = found.map(({ process, by }) => {
    const one = describe(files, process, by)
    if (one.connections === null)
      notRead.push(`whom process ${one.pid} is connected to: it is of another user (${one.uid ?? 'unknown'})`)
    return one
  })
  return { at, processes, notRead }
}

function describe(files: FilesPort, process: ListedProcess, by: HostProcess['by']): HostProcess {
  const { pid, parent, name, cpuMs, threads } = process
  const facts = files.inspect(`/proc/${pid}`)
  const resident = /^VmRSS:\s+(\d{1,15}) kB$/m.exec(textOf(files, `/proc/${pid}/status`) ?? '')?.[1]
  const { openFiles, sockets } = descriptorsOf(files, pid)
  const open = sockets === null ? null : socketsOf(files, pid, sockets)
  return {
    pid,
    parent,
    uid: facts.state === 'present' ? facts.uid : null,
    program: name,
    by,
    startedAt: new Date(startedAtMs(files, process) ?? 0).toISOString(),
    cpuMs,
    memoryBytes: Number(resident ?? 0) * 1_024,
    threads,
    openFiles,
    connections: open === null ? null : outgoing(open),
  }
}

function unavailable(reason: string): Seen<'host-processes'> {
  return { state: 'unavailable', code: 'not-supported', reason }
}
