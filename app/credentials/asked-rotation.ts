import { type ChangeInput, type Facts, UserError } from '@upkeep/contract'
import { titleWords } from '@upkeep/domain/changes/input-words'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import type { Context } from '../operations/context.ts'
import { type CredentialUse, credentialIn, credentialNames, declaredIn, usesOf } from './credential-uses.ts'
import { typedIn } from './typed-secrets.ts'

/** What a person asks of a rotation. */
export interface AskedRotation {
  /** By which name the credential stands in the entry. */
  rotate: string
  /** Where the new one is found; left out, it is asked for at the terminal. */
  with?: string | undefined
  revoke: boolean
  clientId?: string | undefined
}
type Rotation = Extract<ChangeInput, { kind: 'rotate-credential' }>
type Declared = Facts<'declared-server'>

/** The changes that put a new credential everywhere where the old one is used. What holds it and is not edited is said. */
export async function askedRotation(
  context: Context,
  world: Pick<ChangeWorld, 'ports'>,
  words: readonly string[],
  asked: AskedRotation,
): Promise<{ inputs: ChangeInput[]; title: string; closes: string[]; said: string[] }> {
  const seen = await context.acts.look(['declared-server'])
  const declared = declaredIn(seen)
  const named = declared.filter(({ name }) => words.includes(name))
  const ids = new Set(seen.flatMap(({ subject }) => (words.includes(subject.id) ? [subject.id] : [])))
  const byId = seen.flatMap((one) =>
    one.kind === 'declared-server' && one.state === 'seen' && ids.has(one.subject.id) ? [one.facts] : [],
  )
  const secret = theOne(words, [...new Set([...named, ...byId])], asked.rotate, world)
  const { uses, left } = usesOf(secret, declared, world.ports)
  const was = world.ports.secrets.fingerprint(secret)
  const to = await newOne(context, world, asked)
  const given = { revoke: asked.revoke, ...(asked.clientId === undefined ? {} : { clientId: asked.clientId }) }
  const inputs = uses.map(
    ({ at, ...entry }): Rotation => ({ kind: 'rotate-credential', ...entryOf(entry), at, was, to, ...given }),
  )
  const [first] = inputs
  if (first === undefined) throw nothingNamed(asked.rotate, [])
  const servers = [...new Set(uses.map(({ server }) => server))].sort()
  return { inputs, title: titleWords(first, servers.join(', ')), closes: await aged(context, uses), said: left }
}

function entryOf({ path, server, project }: Omit<CredentialUse, 'at'>) {
  return { path, server, ...(project === null ? {} : { project }) }
}

/** The credential of that name: one and the same in every entry of these servers that has it. */
function theOne(
  words: readonly string[],
  servers: readonly Declared[],
  name: string,
  world: Pick<ChangeWorld, 'ports'>,
): string {
  if (servers.length === 0)
    throw new UserError(
      'not-found',
      `No server of the name "${words.join(', ').slice(0, 80)}" was seen.`,
      'List them: "upkeep servers".',
    )
  const found = new Set(servers.flatMap((server) => credentialIn(server, name, world.ports) ?? []))
  const [secret, other] = found
  if (secret === undefined) throw nothingNamed(name, [...new Set(servers.flatMap(credentialNames))])
  if (other === undefined) return secret
  throw new UserError(
    'ambiguous',
    `Different credentials are called "${name.slice(0, 80)}" in the entries of these servers.`,
    'Name one entry by its id: "upkeep servers --json".',
  )
}

function nothingNamed(name: string, names: readonly string[]): UserError {
  const known = names.length === 0 ? 'No credential was seen there.' : `There is: ${names.slice(0, 10).join(', ')}.`
  return new UserError(
    'not-found',
    `Nothing is called "${name.slice(0, 80)}" there. ${known}`,
    'Give one of these names.',
  )
}

/** Where the new one comes from. What is typed is kept, encrypted, until the change is made; it is never part of a command line. */
async function newOne(
  context: Context,
  { ports }: Pick<ChangeWorld, 'ports'>,
  { rotate, with: from }: AskedRotation,
): Promise<Rotation['to']> {
  if (from !== undefined) {
    if (/^(?:env:|file:)/.test(from)) return { is: 'value', from }
    return { is: 'reference', text: from }
  }
  const typed = await context.person?.askSecret(`New credential for ${rotate} (nothing is shown): `)
  if (typed === undefined)
    throw new UserError(
      'needs-a-person',
      'There is no terminal here to type the new credential at.',
      'Say where it is found: --with env:NAME, --with file:/path, or a reference such as op://vault/item/field.',
    )
  const text = (typed ?? '').trim()
  if (text === '') throw new UserError('needs-a-person', 'Nothing was typed, and nothing was changed.', 'Ask again.')
  const print = ports.secrets.fingerprint(text)
  typedIn(context.stateDir).keep(print, text)
  return { is: 'value', from: `typed:${print}` }
}

/** The findings about the age of the very credential, in whichever entry it stands. */
async function aged(context: Context, uses: readonly CredentialUse[]): Promise<string[]> {
  const store = await context.existingStore()
  const found = store === null ? [] : await store.findings.current()
  const places = new Set(uses.map(({ server, at }) => `${server}\0${placeWords(at)}`))
  return found.flatMap(({ state, statement: { rule, subject, facts, fingerprint } }) => {
    const where = String(facts.where ?? '').replace(/ \(.*\)$/, '')
    const isAbout = rule === 'credential-older-than' && places.has(`${subject.name}\0${where}`)
    return state !== 'resolved' && isAbout ? [fingerprint] : []
  })
}

/** As the register of integrations says where a credential stands. */
function placeWords(at: CredentialUse['at']): string {
  if (at.in === 'env') return `variable ${at.name}`
  if (at.in === 'argument') return `argument ${at.index + 1}`
  return at.in === 'header' ? `header ${at.name}` : at.in
}
