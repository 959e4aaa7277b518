import { isLoopbackAddress, readSockets } from '@upkeep/domain/proc-net/read-sockets'

/** A socket that listens, as the kernel lists it. */
export interface ListeningSocket {
  address: string
  loopback: boolean
  port: number
  uid: number
}

const listening = '0A'

/** The listening sockets in the text of `/proc/net/tcp` or `/proc/net/tcp6`. Lines of another form are passed over. */
export function readListening(text: string): ListeningSocket[] {
  return readSockets(text).flatMap(({ local: { address, port }, state, uid }) =>
    state === listening ? [{ address, loopback: isLoopbackAddress(address), port, uid }] : [],
  )
}
