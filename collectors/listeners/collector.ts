import { defineCollector, type FilesPort, type Refusal, type Seen } from '@upkeep/contract'
import { findListed } from '@upkeep/domain/listed-endpoint'
import { type ListeningSocket, readListening } from './proc-net.ts'

const maxBytes = 32 << 20

/** The sockets of this machine that listen where a URL server is said to be. Reads the kernel's own list; sends nothing. */
export const listeners = defineCollector({
  id: 'listeners',
  version: 1,
  title: 'Listening sockets',
  sees: ['listener'],
  per: 'server',
  reaches: ['files', 'secrets'],
  after: [],
  timeoutSeconds: 10,
  async collect({ for: { subject, server, place }, ports, settings }) {
    return [{ kind: 'listener', subject, ...look() }]

    function look(): Seen<'listener'> {
      if (server.transport === 'stdio') {
        return { state: 'absent', reason: 'a server that is talked to over stdio listens nowhere' }
      }
      const url = server.url !== null && URL.canParse(server.url) ? new URL(server.url) : null
      if (url === null)
        return { state: 'unavailable', code: 'malformed', reason: 'the address cannot be read as a URL' }
      const isListed = findListed(server, settings.probe, ports.secrets.fingerprint) !== null
      if (!(isListed || place.machine)) return { state: 'absent', reason: 'the configuration is not of this machine' }
      if (!isThisMachine(url.hostname, ports.files)) return { state: 'absent', reason: 'it listens on another machine' }
      return lookAt(portOf(url), ports.files)
    }
  },
})

function lookAt(port: number, files: FilesPort): Seen<'listener'> {
  const v4 = listeningIn('/proc/net/tcp', files)
  if (v4 === null) {
    return { state: 'unavailable', code: 'not-supported', reason: 'this system has no list of sockets under /proc/net' }
  }
  // Without IPv6 in the kernel the second list is not there, and nothing can listen on it.
  const v6 = listeningIn('/proc/net/tcp6', files) ?? []
  if (!Array.isArray(v4)) return v4
  if (!Array.isArray(v6)) return v6
  const addresses = [...v4, ...v6]
    .filter((socket) => socket.port === port)
    .map(({ address, loopback, uid }) => ({ address, loopback, uid }))
    .sort((a, b) => (a.address < b.address ? -1 : Number(a.address > b.address)))
  return { state: 'seen', facts: { port, addresses } }
}

function listeningIn(path: string, files: FilesPort): ListeningSocket[] | Refusal | null {
  const read = files.read(path, maxBytes)
  if (read.state === 'absent') return null
  if (read.state === 'unavailable') return { ...read, reason: `${path}: ${read.reason}` }
  return readListening(new TextDecoder().decode(read.bytes))
}

/** Loopback, and the name that this machine goes by. An address of one of its network cards is not recognised as its own. */
function isThisMachine(hostname: string, files: FilesPort): boolean {
  if (/^(?:localhost|.{1,63}\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/.test(hostname)) return true
  const read = files.read('/proc/sys/kernel/hostname', 1_000)
  if (read.state !== 'present') return false
  const own = new TextDecoder().decode(read.bytes).trim().toLowerCase()
  return own !== '' && [own, `${own}.local`].includes(hostname)
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}
