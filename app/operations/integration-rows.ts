import type { CsvValue } from '@upkeep/engine/report/csv'
import { counted } from '@upkeep/engine/report/paint'
import type { z } from 'zod'
import type { IntegrationEntry, IntegrationsOutput } from './integrations-output.ts'

/** The lines above the list: how many, how long ago, and for a vendor what is in its reach. */
export function titleOf(output: z.input<typeof IntegrationsOutput>, when: string, stamp: string): string[] {
  const { servers, radius, notRead } = output
  const unread =
    notRead.length === 0
      ? []
      : [`${counted(notRead.length, 'entry', 'entries')} could not be read: what they reach is not known`]
  const source = `by what their declarations say, ${when} (${stamp})`
  if (radius === null) return [`${counted(servers.length, 'server')}, ${source}`, ...unread]
  if (servers.length === 0)
    return [`No server names ${radius.vendor}, ${source}`, 'A server may talk to others than it declares.', ...unread]
  const own = radius.secrets.filter(({ opensVendor }) => opensVendor).length
  const other = radius.secrets.length - own
  const owners = radius.owners.length === 0 ? 'nobody named answers for them' : `ask ${radius.owners.join(', ')}`
  return [
    `In reach of ${radius.vendor}: ${counted(servers.length, 'server')}, ${source}`,
    `${counted(own, 'credential')} of its own to revoke, ${other} of others beside them to replace; ${counted(radius.dataRoots.length, 'data root')}; ${owners}`,
    ...(radius.alsoIn.length === 0 ? [] : [`the same credentials also stand in: ${radius.alsoIn.join(', ')}`]),
    ...unread,
  ]
}

/** One server of the register for the terminal. */
export function rowOf(entry: IntegrationEntry) {
  const { name, client, disabled, dataRoots, owner, withoutTls } = entry
  return {
    label: client,
    tone: 'cyan' as const,
    name,
    lines: [
      `talks to ${wordsOf(destinationsOf(entry), nobody(entry))}${disabled ? ' (disabled)' : ''}`,
      ...(withoutTls.length === 0 ? [] : [`without TLS: ${withoutTls.map(({ host }) => host).join(', ')}`]),
      `credentials: ${wordsOf(entry.credentials.map(credentialWords), 'none')}`,
      ...(dataRoots.length === 0 ? [] : [`data: ${wordsOf(dataRoots, '')}`]),
      `owner: ${owner ?? 'none named in upkeep.yaml'}`,
    ],
    command: null,
  }
}

function nobody({ onThisMachine = [] }: IntegrationEntry): string {
  return onThisMachine.length === 0
    ? 'nobody by its declaration'
    : `nobody beyond this machine (${wordsOf(onThisMachine, '')})`
}

function destinationsOf({ destinations }: IntegrationEntry): string[] {
  return [...new Set(destinations.flatMap(({ title, host }) => title ?? host ?? []))]
}

function credentialWords({
  where,
  kind,
  stands,
  sameSince,
  beganThen,
  alsoIn,
}: IntegrationEntry['credentials'][number]): string {
  const age = sameSince === null ? 'age not known' : `since ${sameSince.slice(0, 10)}${beganThen ? '' : ' or longer'}`
  const shared = alsoIn.length === 0 ? '' : `, also in ${alsoIn.length} more`
  return `${where} (${stands === 'plain' ? `${kind}, in plain text` : 'by reference'}, ${age}${shared})`
}

const maxWords = 10

function wordsOf(words: readonly string[], otherwise: string): string {
  if (words.length === 0) return otherwise
  const left = words.length - maxWords
  return `${words.slice(0, maxWords).join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

export const columns = [
  'server',
  'client',
  'vendors',
  'hosts',
  'credential',
  'credential_kind',
  'stands',
  'opens_vendor',
  'same_since',
  'may_be_older',
  'also_in',
  'data_roots',
  'owner',
  'ownership',
  'rotated',
  'disabled',
  'without_tls',
  'path',
  'id',
]

/** One line for each credential of a server; one without any has one line all the same. */
export function csvRow(entry: IntegrationEntry): CsvValue[][] {
  const credentials = entry.credentials.length === 0 ? [null] : entry.credentials
  return credentials.map((one) => [
    entry.name,
    entry.client,
    [...new Set(entry.destinations.flatMap(({ vendor }) => vendor ?? []))].join(' '),
    [...new Set(entry.destinations.flatMap(({ host }) => host ?? []))].join(' '),
    one?.where ?? null,
    one?.kind ?? null,
    one?.stands ?? null,
    one?.vendor ?? null,
    one?.sameSince ?? null,
    one === null || one.sameSince === null ? null : !one.beganThen,
    one === null ? null : one.alsoIn.join(' '),
    entry.dataRoots.join(' '),
    entry.owner,
    entry.ownership,
    entry.rotatedAt,
    entry.disabled,
    entry.withoutTls.map(({ host }) => host).join(' '),
    entry.path,
    entry.id,
  ])
}
