import { BlockList, isIP } from 'node:net'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import type { FastifyRequest } from 'fastify'
import { isAnyHost, isLoopbackHost, type ServeBinding } from '../serve-binding.ts'
import type { Problem } from './work/messages.ts'

/** Under which of our names a request came, which is held against our list before anything else is done. */
export interface CameTo {
  /** Such as `https://upkeep.example.com`: what a browser calls the page. */
  readonly origin: string
  /** By TLS, here or at the proxy. */
  readonly secure: boolean
  /** From this machine itself, under a name of loopback, and not by way of the proxy. */
  readonly local: boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null only until the first hook. */
    cameTo: CameTo | null
  }
}

/** Where a request came to, for what runs after the first hook. */
export function originOf({ cameTo }: FastifyRequest): string {
  if (cameTo === null) throw new Error('the first hook was passed by')
  return cameTo.origin
}

/** What the door knows of its own names, once it listens. */
export interface Names {
  /** Names that this machine itself may use, without the proxy. The first one is the best one. */
  readonly local: readonly string[]
  /** Names that others use. */
  readonly far: readonly string[]
}

/** Which addresses a list of proxies holds. Node takes an IPv4 address that is written as IPv6 for what it is. */
export function addressesIn(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const one of proxies) {
    const [address = '', bits] = one.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => {
    const plain = address.replace(/%.*$/, '')
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4')
  }
}

const ofThisMachine = addressesIn(['127.0.0.0/8', '::1'])

/** Our own names: what is listened on, what the certificate is for, and those of loopback. */
export function namesOf(
  { host, tls, behind }: Pick<ServeBinding, 'host' | 'tls' | 'behind'>,
  { port, certified }: { port: number; certified: readonly string[] },
): Names {
  const scheme = tls === null ? 'http' : 'https'
  const origin = (name: string) => new URL(`${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`).origin
  const isLoopback = isLoopbackHost(host)
  const loopback = isLoopback || isAnyHost(host) ? [...(isLoopback ? [host] : []), '127.0.0.1', 'localhost', '::1'] : []
  const own = [...(isLoopback || isAnyHost(host) ? [] : [host]), ...certified]
  return {
    local: [...new Set(loopback.map(origin))],
    far: behind !== null ? [behind.origin] : tls === null ? [] : [...new Set(own.map(origin))],
  }
}

/**
 * Says under which name a request came. `Host` has to be one of ours, or a name that was pointed at this machine would make its pages
 * same-origin with us (DNS rebinding). What a proxy says of a request is believed from the addresses that are listed, and then it has to
 * fit; nobody else reaches the door where one stands in front.
 */
export function arrivals(
  { behind }: Pick<ServeBinding, 'behind'>,
  names: () => Names,
): (request: FastifyRequest) => CameTo | Problem {
  const isProxy = addressesIn(behind?.proxies ?? [])
  return ({ headers, raw }) => {
    // Of two, a proxy may go by the one and we by the other; an address with a host in it goes before them.
    if (raw.headersDistinct.host?.length !== 1 || !raw.url?.startsWith('/')) return foreignName
    const peer = raw.socket.remoteAddress ?? ''
    const { local, far } = names()
    const isLocal = ofThisMachine(peer) && !(isProxy(peer) && isForwarded(headers))
    const near = isLocal ? ownName(headers.host, local) : null
    if (near !== null) return cameTo(near, true)
    if (behind !== null) return throughProxy(headers, far, isProxy(peer))
    const named = ownName(headers.host, far)
    return named === null ? foreignName : cameTo(named, false)
  }
}

type Headers = FastifyRequest['headers']

function throughProxy(headers: Headers, far: readonly string[], isTrusted: boolean): CameTo | Problem {
  if (!isTrusted) return notTheProxy
  const named = ownName(lastOf(headers['x-forwarded-host']) ?? headers.host, far)
  if (named === null) return otherHost
  const scheme = lastOf(headers['x-forwarded-proto'])
  if (scheme !== null && `${scheme}:` !== new URL(named).protocol) return plainHttp
  return cameTo(named, false)
}

function isForwarded(headers: Headers): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'].some((one) => one in headers)
}

/** Each proxy adds to the end: the last is what the one before us saw. */
function lastOf(header: string | string[] | undefined): string | null {
  return [header].flat().join(',').split(',').at(-1)?.trim() || null
}

/** The name of ours that a `Host` is; the port of a scheme may be written or not. */
function ownName(host: string | undefined, names: readonly string[]): string | null {
  if (host === undefined || !/^[a-z0-9.:[\]-]{1,300}$/i.test(host)) return null
  return (
    names.find((one) => {
      const asked = `${new URL(one).protocol}//${host}`
      return URL.canParse(asked) && new URL(asked).origin === one
    }) ?? null
  )
}

function cameTo(origin: string, local: boolean): CameTo {
  return { origin, secure: origin.startsWith('https:'), local }
}

/** What a browser is told to remember: never for names of loopback, where other programs have pages without TLS. */
export function wantsHsts({ origin, secure }: CameTo): boolean {
  return secure && !isLoopbackUrl(origin)
}

function refused(message: string, action: string): Problem {
  return { code: 'not-allowed', message, means: 'Nothing was shown and nothing was done.', action }
}

const foreignName = refused(
  'This is not a name of ours: the Host header has to be one that was configured.',
  'Use the address that "upkeep serve" printed.',
)
const notTheProxy = refused(
  'Only the proxy that is configured may connect here.',
  'Open the address of the proxy. If this is the proxy: list where it connects from (--proxies, or serve.behind in upkeep.yaml).',
)
const otherHost = refused(
  'The proxy passes on another Host than the address that people open.',
  'Have the proxy pass the Host of the browser, or X-Forwarded-Host: see docs/access.md.',
)
const plainHttp = refused(
  'The browser reached the proxy without TLS.',
  'Open it by https, and let the proxy send those who come by http there.',
)
