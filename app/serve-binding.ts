import { dirname, resolve } from 'node:path'
import {
  type BehindProxy,
  type OidcSettings,
  type ServeSettings,
  type SessionLimits,
  UserError,
} from '@upkeep/contract'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'

/** How the HTTP door is reached, and by whom: every combination that may be is one of these. */
export interface ServeBinding {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Files, by absolute path. */
  readonly tls: { readonly certificate: string; readonly key: string } | null
  readonly behind: BehindProxy | null
  /** Null: whoever owns the machine gets in by a link, and nobody else. */
  readonly oidc: OidcSettings | null
  readonly sessions: SessionLimits
}

/** A door that is open. */
export interface OpenDoor {
  /** Where people reach it. */
  readonly origin: string
  /** The provider that people sign in with; null where there is none. */
  readonly signsInWith: string | null
  /** Makes a link that opens it once on this machine; null where it does not listen there. */
  readonly link: (() => string) | null
}

/** What was asked for at the terminal. It goes before what stands in `upkeep.yaml`. */
export interface BindingAsked {
  readonly host: string
  readonly port: number
  readonly tlsCert?: string | undefined
  readonly tlsKey?: string | undefined
  readonly behind?: string | undefined
  readonly proxies: readonly string[]
  /** For whoever owns the machine alone, whatever stands in `upkeep.yaml`. */
  readonly local: boolean
}

/** Where the settings stand, and where the terminal does. */
export interface BindingPlaces {
  readonly cwd: string
  readonly upkeepFilePath: string | null
}

/**
 * What is listened on, and how. Beyond this machine that takes TLS or a proxy that is named, and people who sign in.
 *
 * @throws UserError `bad-input` for halves of a setting, `not-allowed` for what would stand open; each says what to do.
 */
export function bindingOf(asked: BindingAsked, settings: ServeSettings, places: BindingPlaces): ServeBinding {
  const { host, port, local } = asked
  const tls = tlsOf(asked, settings, places)
  const behind = local ? null : behindOf(asked, settings)
  const oidc = local ? null : oidcOf(settings)
  const binding = { host, port, tls, behind, oidc, sessions: settings.sessions }
  requireSafe(binding, local)
  return binding
}

export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

/** Whether every address of this machine is listened on. */
export function isAnyHost(host: string): boolean {
  return host === '0.0.0.0' || /^[0:]+$/.test(host)
}

function tlsOf(asked: BindingAsked, settings: ServeSettings, places: BindingPlaces): ServeBinding['tls'] {
  const { tlsCert, tlsKey, local } = asked
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new UserError(
      'bad-input',
      'A certificate and its key belong together.',
      'Give both: --tls-cert and --tls-key.',
    )
  if (tlsCert !== undefined && tlsKey !== undefined)
    return { certificate: resolve(places.cwd, tlsCert), key: resolve(places.cwd, tlsKey) }
  if (local || settings.tls === undefined) return null
  const from = dirname(places.upkeepFilePath ?? places.cwd)
  return { certificate: resolve(from, settings.tls.certificate), key: resolve(from, settings.tls.key) }
}

function behindOf({ behind: origin, proxies }: BindingAsked, settings: ServeSettings): BehindProxy | null {
  if (origin === undefined && proxies.length > 0)
    throw new UserError(
      'bad-input',
      '--proxies says from where, and not for what.',
      'Give --behind with the address that people open.',
    )
  if (origin === undefined && settings.behind === undefined) return null
  const named = origin ?? settings.behind?.origin ?? ''
  const from = proxies.length > 0 ? proxies : (settings.behind?.proxies ?? [])
  if (!isOrigin(named))
    throw new UserError(
      'bad-input',
      'What people open is an address without a path, by https; by http on this machine alone.',
      'Such as --behind https://upkeep.example.com.',
    )
  if (from.length === 0)
    throw new UserError(
      'bad-input',
      'Where the proxy connects from is not said, so that nothing that it passes on could be believed.',
      'Name its address with --proxies, such as --proxies 127.0.0.1, or 10.1.0.0/24.',
    )
  return { origin: new URL(named).origin, proxies: [...from] }
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  return bare && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackUrl(text)))
}

function oidcOf({ oidc }: ServeSettings): OidcSettings | null {
  if (oidc === undefined) return null
  if (!isOfOneName(oidc.issuer) || !(oidc.issuer.startsWith('https://') || isLoopbackUrl(oidc.issuer)))
    throw new UserError(
      'not-allowed',
      'The provider is not reached over https, so that anybody on the way could sign in as anybody.',
      'Give its https address under serve.oidc.issuer in upkeep.yaml.',
    )
  if (!oidc.scopes.includes('openid'))
    throw new UserError(
      'bad-input',
      'Without the scope openid the provider does not say who signs in.',
      'Add it to serve.oidc.scopes in upkeep.yaml.',
    )
  return oidc
}

/** A user before the name could make one address look like another. */
function isOfOneName(url: string): boolean {
  const { username, password } = new URL(url)
  return username === '' && password === ''
}

function requireSafe({ host, tls, behind, oidc }: ServeBinding, local: boolean): void {
  const isFar = !isLoopbackHost(host)
  const named = `"${host.slice(0, 80)}"`
  if (local && isFar)
    throw new UserError(
      'not-allowed',
      `${named} can be reached from elsewhere, and --local is for this machine alone.`,
      'Leave out --host.',
    )
  if (isFar && tls === null && behind === null)
    throw new UserError(
      'not-allowed',
      `${named} can be reached from elsewhere, and there is no TLS here.`,
      'Give a certificate (--tls-cert, --tls-key), or say which proxy with TLS stands in front (--behind, --proxies): see docs/access.md.',
    )
  if ((isFar || behind !== null) && oidc === null)
    throw new UserError(
      'not-allowed',
      'It would be reached from elsewhere, and nobody could sign in: there is no OpenID provider.',
      'Set serve.oidc in upkeep.yaml (docs/access.md), or listen on this machine alone: upkeep serve --local.',
    )
}
