import type { Facts } from '@upkeep/contract'
import type { Rules } from './rules.ts'

export type Control = Facts<'control-probes'>['results'][number]['control']

/** What it means that a control is broken: the rule that says so, in words after the server's name, and what to do. */
export interface BrokenControl {
  rule: Exclude<keyof Rules, 'bound-beyond-loopback' | 'certificate-ends'>
  meaning: string
  remedy: string
}

/** Every control that is tried by request. `bind` is judged together with the sockets that this machine lists. */
export const controls: Readonly<Record<Exclude<Control, 'bind'>, BrokenControl>> = {
  authentication: {
    rule: 'unauthenticated-call-answered',
    meaning: 'serves whoever calls',
    remedy: 'Turn authentication on, or put a proxy that asks for a token in front of it',
  },
  origin: {
    rule: 'forged-origin-accepted',
    meaning: 'takes requests from any web page',
    remedy: 'Have requests with a foreign Origin refused with HTTP 403',
  },
  host: {
    rule: 'forged-host-accepted',
    meaning: 'answers to a name that is not its own',
    remedy: 'Have requests with a foreign Host refused',
  },
  cors: {
    rule: 'wildcard-cors',
    meaning: 'lets any web page read its answers',
    remedy: 'Take access-control-allow-origin: * out of its answers',
  },
  tls: {
    rule: 'traffic-unprotected',
    meaning: 'can be listened to or impersonated on the way',
    remedy: 'Serve it over TLS 1.2 or newer alone, with a certificate that clients trust',
  },
  audience: {
    rule: 'foreign-token-accepted',
    meaning: 'takes tokens that are not for it',
    remedy: 'Have the signature and the audience of every token checked against its own address',
  },
  'token-pass-through': {
    rule: 'token-passed-on',
    meaning: 'passes the tokens of its clients on',
    remedy: 'Have it ask its upstream with a credential of its own, such as by token exchange (RFC 8693)',
  },
  session: {
    rule: 'session-weak',
    meaning: 'has sessions that others can use',
    remedy: 'Draw session ids from a secure random source, and check the token of every request',
  },
  'error-leakage': {
    rule: 'error-tells-much',
    meaning: 'tells strangers about its inside',
    remedy: 'Answer errors with a code and a short text, and keep traces in the log (often NODE_ENV=production)',
  },
  'input-size': {
    rule: 'oversized-input-accepted',
    meaning: 'takes messages of any size',
    remedy: 'Limit the size of messages, in the server or in the proxy before it',
  },
  'allow-list': {
    rule: 'denied-call-served',
    meaning: 'serves a call that must be denied',
    remedy: 'Put the tool on the list of what is denied, where the calls pass',
  },
  'log-delivery': {
    rule: 'denial-not-logged',
    meaning: 'denies without a trace',
    remedy: 'See that the log of the control is written and delivered',
  },
  'rate-limit': {
    rule: 'no-rate-limit',
    meaning: 'slows nobody down',
    remedy: 'Limit how often one client may call, in the server or in the proxy before it',
  },
}
