import { type Observation, UserError } from '@upkeep/contract'
import { endpointOf, findListed } from '@upkeep/domain/listed-endpoint'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import type { Context } from './context.ts'

/** A remote server that a word names, and its whole address. */
export interface NamedRemote {
  name: string
  url: string
}

/**
 * The remote server that a word names: by name, by id, or by its address under `probe` in `upkeep.yaml`.
 *
 * @throws UserError when there is none, when it is none with an address, and when there are several with different ones.
 */
export async function remoteNamed(context: Context, word: string): Promise<NamedRemote> {
  const seen = await context.acts.look(['declared-server'])
  const named = seen.flatMap((one) =>
    one.kind === 'declared-server' && one.state === 'seen' && isNamed(one, word) ? [one] : [],
  )
  const found = named.flatMap((one) => {
    const url = wholeAddress(context, one.facts)
    return url === null ? [] : [{ name: one.subject.name, url }]
  })
  const [first] = found
  if (first === undefined) throw none(named.length > 0)
  if (found.every(({ url }) => url === first.url)) return first
  const ids = named.slice(0, 10).map(({ subject }) => subject.id)
  throw new UserError(
    'ambiguous',
    `Servers of that name have several addresses: ${ids.join(', ')}.`,
    'Name one by its id.',
  )
}

/** Whether the owner states that what listens at this address belongs to a vendor, under whatever name. */
export async function isOfVendor(context: Context, url: string): Promise<boolean> {
  const vendors = new Set(context.upkeepFile.servers.flatMap((one) => (one.ownership === 'vendor' ? [one.name] : [])))
  const seen = vendors.size === 0 ? [] : await context.acts.look(['declared-server'])
  return seen.some((one) => {
    if (one.kind !== 'declared-server' || one.state !== 'seen' || !vendors.has(one.subject.name)) return false
    return endpointOf(wholeAddress(context, one.facts) ?? one.facts.url ?? '') === endpointOf(url)
  })
}

type Declared = Extract<Observation<'declared-server'>, { state: 'seen' }>

function isNamed({ subject, facts }: Declared, word: string): boolean {
  return subject.name === word || subject.id === word || facts.url === word
}

/** Parts of an address may be secrets, and are then known only where the owner lists it. */
function wholeAddress(context: Context, facts: Declared['facts']): string | null {
  if (facts.url === null || facts.transport === 'stdio') return null
  const { fingerprint } = openSecrets({ stateDir: context.stateDir, env: {} })
  const listed = findListed(facts, context.upkeepFile.probe, fingerprint)
  if (listed !== null) return listed.url
  const isWhole = facts.urlSecrets.length === 0 && !facts.url.includes('***') && !facts.url.includes('$')
  return isWhole ? facts.url : null
}

function none(isThere: boolean): UserError {
  return isThere
    ? new UserError(
        'bad-input',
        'That server has no address that is known whole: it runs on this machine, or parts of its address are hidden.',
        'List its address under probe in upkeep.yaml.',
      )
    : new UserError('not-found', 'No server of that name was seen.', 'List them: "upkeep servers".')
}
