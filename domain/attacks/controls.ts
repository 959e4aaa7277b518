import type { Severity } from '@upkeep/contract/finding'

/** A control that attacks are made on: its id, what it keeps, and how bad it is where it is not there. */
export interface TriedControl {
  id: string
  keeps: string
  severity: Severity
}

const control = (id: string, severity: Severity, keeps: string): TriedControl => ({ id, keeps, severity })

/** Every control that an atom tries. A control that nothing was tried on is not demonstrated, which is not the same as sound. */
export const triedControls: readonly TriedControl[] = [
  control('authentication', 'high', 'calls without a token out'),
  control('token-audience', 'high', 'tokens for other servers out'),
  control('token-expiry', 'high', 'tokens past their time out'),
  control('token-place', 'medium', 'tokens out of addresses'),
  control('origin', 'high', 'calls that web pages make out'),
  control('host', 'high', 'calls to a name that is not its own out'),
  control('cross-origin-reading', 'medium', 'answers from being read by web pages'),
  control('content-type', 'medium', 'forms that a web page may send out'),
  control('body-size', 'low', 'messages within bounds'),
  control('protocol-version', 'low', 'versions that do not exist out'),
  control('session-known', 'high', 'sessions that nobody opened out'),
  control('session-end', 'medium', 'ended sessions ended'),
  control('session-owner', 'high', 'each session to its owner'),
  control('batch', 'low', 'many requests out of one message'),
  control('request-id', 'low', 'each id to one request'),
  control('rate', 'low', 'requests within a rate'),
  control('depth', 'low', 'arguments within a depth'),
  control('cancellation', 'low', 'it running when what never was is cancelled'),
  control('tool-list', 'high', 'tools that are not offered out'),
  control('argument-types', 'medium', 'arguments of the wrong type out'),
  control('path-root', 'high', 'paths within its folder'),
  control('links', 'high', 'links within its folder'),
  control('path-decoding', 'high', 'encoded paths within its folder'),
  control('write-root', 'high', 'what it writes within its folder'),
  control('resource-addresses', 'high', 'resources to those that it offers'),
  control('commands', 'critical', 'arguments from being run'),
  control('outgoing-addresses', 'high', 'addresses inside the network from being called'),
  control('environment', 'high', 'its variables to itself'),
  control('error-text', 'low', 'its inner workings out of errors'),
  control('output-size', 'low', 'answers within bounds'),
  control('control-characters', 'medium', 'characters that terminals obey out of answers'),
  control('log-redaction', 'medium', 'secrets out of its log'),
  control('call-time', 'low', 'calls within a time'),
  control('prototype', 'high', 'arguments out of its own objects'),
  control('stable-listing', 'high', 'what it says of its tools as it was'),
  control('plain-listing', 'high', 'hidden text out of what it says of its tools'),
  control('client-requests', 'medium', 'requests from a client that takes none'),
  control('own-connections', 'high', 'connections to those that were asked for'),
]
