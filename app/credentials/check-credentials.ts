import type { ChangeInput, HttpPort, Observation } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { PlacedEntry } from '@upkeep/domain/client-formats/raw-entry'
import type { KeptBytes } from '@upkeep/engine/change/kept-bytes'
import { listedTargets } from '@upkeep/engine/collect/listed-target'
import { revokeToken } from '@upkeep/engine/login/revoke-token'
import { entryOf } from '../patch/prospect.ts'
import { look, type TrialHands } from '../patch/try-plan.ts'
import { expanded, oldAndNew, textAt } from './old-and-new.ts'
import { opensServer } from './opens-server.ts'

/** What was seen of credentials that a change replaced. */
export interface CheckedCredentials {
  seen: string[]
  pending: string[]
  abort: string | null
}
type Rotation = Extract<ChangeInput, { kind: 'rotate-credential' }>

/**
 * Calls each remote server that its owner listed with the new credential and with the old one. Where the new one is refused the change is
 * taken back; where it works the issuer is asked to end the old one, if that was approved; a change whose old one still opens stays open.
 */
export async function checkCredentials(
  hands: TrialHands,
  state: ChangeState,
  kept: KeptBytes,
): Promise<CheckedCredentials> {
  const checked: CheckedCredentials = { seen: [], pending: [], abort: null }
  const inputs = state.plan.inputs.filter((input): input is Rotation => input.kind === 'rotate-credential')
  if (inputs.length === 0 || state.phase === 'undone') return checked
  const observations = await look(hands, hands.places, hands.ports, ['declared-server'])
  const done = new Set<string>()
  for (const input of inputs) {
    const { before, after } = oldAndNew(input, state, { kept, places: hands.places })
    const access = accessOf(hands, input, observations, { before, after })
    if (typeof access === 'string') {
      checked.seen.push(`${input.server}: whether the old credential is refused was not looked at: ${access}`)
      continue
    }
    // The same address with the same credential in several clients is asked once.
    if (done.has(access.key)) continue
    done.add(access.key)
    await checkOne(input, access, hands.ports.http, checked, state.id)
    if (checked.abort !== null) break
  }
  return { ...checked, seen: [...new Set(checked.seen)], pending: [...new Set(checked.pending)] }
}

interface Access {
  key: string
  url: string
  fresh: ReadonlyMap<string, string>
  old: ReadonlyMap<string, string>
  oldUrl: string
  /** The old credential itself; null where it was a reference that leads nowhere here. */
  token: string | null
}

/** How the server is reached with either credential; or why it is not. */
function accessOf(
  { settings, ports }: TrialHands,
  input: Rotation,
  observations: readonly Observation[],
  { before, after }: { before: PlacedEntry | null; after: PlacedEntry | null },
): Access | string {
  if (after?.url == null || before?.url == null) return 'it is started on this machine, and whom it calls is not asked'
  const declared = observations.filter((one): one is Observation<'declared-server'> => one.kind === 'declared-server')
  const facts = entryOf(declared, input)
  const servers = declared.map((observation) => ({ observation }))
  const observation = declared.find((one) => one.state === 'seen' && one.facts === facts)
  const found = listedTargets({ settings, ports }, servers).find(
    ({ subject }) => subject.id === observation?.subject.id,
  )
  if (found === undefined) return 'its entry could not be read again'
  if (found.target.state !== 'listed') return found.target.reason
  const { resolve } = ports.secrets
  const [url, oldUrl] = [expanded(after.url, resolve), expanded(before.url, resolve)]
  const [fresh, old] = [headersOf(after, resolve), headersOf(before, resolve)]
  if (url === null || oldUrl === null || fresh === null) return 'its client puts in what is not known here'
  if (old === null) return 'the old one was a reference that leads nowhere here'
  const token = expanded(textAt(before, input.at) ?? '', resolve)
  const key = JSON.stringify([url, [...fresh], oldUrl, [...old]])
  return { key, url, oldUrl, fresh, old, token: token === '' ? null : token }
}

function headersOf(
  { headers }: PlacedEntry,
  resolve: (reference: string) => string | null,
): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>()
  for (const [name, value] of headers) {
    const text = expanded(value, resolve)
    if (text === null) return null
    found.set(name, text)
  }
  return found
}

async function checkOne(
  input: Rotation,
  access: Access,
  http: HttpPort,
  checked: CheckedCredentials,
  change: string,
): Promise<void> {
  const { server, revoke, clientId } = input
  const fresh = await opensServer(access.url, access.fresh, http)
  if (fresh.is === 'refused') {
    checked.abort = `${server} refuses the new credential (${fresh.detail})`
    return
  }
  checked.seen.push(
    fresh.is === 'answered'
      ? `${server} answers with the new credential (${fresh.detail})`
      : `whether ${server} answers with the new credential is not known: ${fresh.detail}`,
  )
  // What works still is ended only once what replaces it was seen to work.
  if (revoke && fresh.is === 'answered' && access.token !== null) {
    const ended = await revokeToken({ url: access.url, token: access.token, clientId: clientId ?? null }, http)
    checked.seen.push(
      ended.revoked ? `${server}: its issuer took the old one back` : `${server}: not revoked: ${ended.reason}`,
    )
  }
  const old = await opensServer(access.oldUrl, access.old, http)
  if (old.is === 'refused') checked.seen.push(`${server} refuses the old credential (${old.detail})`)
  else if (old.is === 'answered') checked.pending.push(stillOpens(server, change))
  else checked.seen.push(`whether ${server} refuses the old credential is not known: ${old.detail}`)
}

function stillOpens(server: string, change: string): string {
  return `the old credential still opens ${server}: revoke it where it was given out, then upkeep fix --change ${change}`
}
