import type { HostConnection } from '@upkeep/contract/observations/host-process'
import type { FilesPort } from '@upkeep/contract/ports'
import { type ListedSocket, readSockets, shownEndpoint } from '@upkeep/domain/proc-net/read-sockets'
import { textOf } from './proc-table.ts'

/** What a process has open. Null: it may not be looked into. */
export interface Descriptors {
  openFiles: number | null
  sockets: ReadonlySet<number> | null
}

const maxDescriptors = 20_000
const tables = ['tcp', 'tcp6', 'udp', 'udp6'] as const
const listening = '0A'

/** The descriptors of a process, and which of them are sockets. */
export function descriptorsOf(files: FilesPort, pid: number): Descriptors {
  const folder = `/proc/${pid}/fd`
  const listed = files.list(folder, maxDescriptors)
  if (listed.state !== 'present') return { openFiles: null, sockets: null }
  const inodes = listed.names.flatMap((name) => {
    const link = files.readLink(`${folder}/${name}`)
    const inode = link.state === 'present' ? /^socket:\[(\d{1,20})\]$/.exec(link.text)?.[1] : undefined
    return inode === undefined ? [] : [Number(inode)]
  })
  return { openFiles: listed.names.length, sockets: new Set(inodes) }
}

/** The sockets of a process, out of the lists of its own network namespace; null where they cannot be read. */
export function socketsOf(
  files: FilesPort,
  pid: number,
  inodes: ReadonlySet<number>,
): { protocol: 'tcp' | 'udp'; socket: ListedSocket }[] | null {
  const texts = tables.map((table) => ({ table, text: textOf(files, `/proc/${pid}/net/${table}`) }))
  if (texts.every(({ text }) => text === null)) return null
  return texts.flatMap(({ table, text }) =>
    readSockets(text ?? '')
      .filter(({ inode }) => inode !== 0 && inodes.has(inode))
      .map((socket) => ({ protocol: table.startsWith('tcp') ? ('tcp' as const) : ('udp' as const), socket })),
  )
}

/** The connections that it opened itself: what came in at a port on which it listens was opened by somebody else. */
export function outgoing(sockets: NonNullable<ReturnType<typeof socketsOf>>): HostConnection[] {
  const ports = new Set(sockets.flatMap(({ socket }) => (socket.state === listening ? [socket.local.port] : [])))
  const seen = new Map<string, HostConnection>()
  for (const { protocol, socket } of sockets) {
    if (socket.remote.port === 0 || (protocol === 'tcp' && ports.has(socket.local.port))) continue
    const one = { protocol, local: shownEndpoint(socket.local), remote: shownEndpoint(socket.remote) }
    seen.set(`${protocol} ${one.local} ${one.remote}`, one)
  }
  return [...seen.values()].slice(0, 500)
}
