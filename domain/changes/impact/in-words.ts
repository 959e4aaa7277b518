import type { ImpactSheet, ServerImpact } from '@upkeep/contract/impact-sheet'

const mostNamed = 4

/** How the paragraph begins to say what is not known. */
export const notKnownWords = 'Not known:'

/** The sheet as one paragraph, for somebody who has to decide and does not know the servers. */
export function inWords(sheet: Omit<ImpactSheet, 'inWords'>): string {
  const sentences = [
    ...(sheet.servers.length === 0 ? ['Nothing that a server runs changes.'] : allWords(sheet.servers)),
    ...sheet.newCombinations.map(
      ({ client, untrusted }) =>
        `After it, text that strangers write can reach ${client} through ${some(untrusted)}, where private data and a way out are at hand: whoever writes that text may get the data.`,
    ),
    ...(sheet.unknown.length === 0 ? [] : [`${notKnownWords} ${some(sheet.unknown)}.`]),
    `The risk is ${sheet.risk}; it takes ${sheet.approvals === 1 ? 'one approval' : `${sheet.approvals} approvals`}.`,
  ]
  const text = sentences.join(' ')
  return text.length > 4_000 ? `${text.slice(0, 3_990)}…` : text
}

/** What several clients say of the same server is said once; where it differs between them, with their names. */
function allWords(servers: readonly ServerImpact[]): string[] {
  return [...Map.groupBy(servers, ({ server }) => server).values()].flatMap((of) => {
    const said = [...Map.groupBy(of, (one) => serverWords(one).join(' '))]
    return said.map(([words, ones]) =>
      said.length === 1 ? words : `In ${some([...new Set(ones.map(({ client }) => client))])}: ${words}`,
    )
  })
}

function serverWords(one: ServerImpact): string[] {
  const { server, is, entry } = one
  if (is === 'removed') return [`${server} is gone.`]
  const switched = is === 'changed' ? entry.find(({ at }) => at === 'disabled') : undefined
  if (switched?.is === 'true') return [`${server} is switched off.`]
  if (switched?.was === 'true') return [`${server} is switched on.`, ...moreWords(one)]
  return moreWords(one)
}

function moreWords(one: ServerImpact): string[] {
  const { server, is, advisories, runtime } = one
  const head = is === 'added' ? [`${server} is added.`] : []
  return [
    ...head,
    ...surfaceWords(one),
    ...list(`${server} can reach in addition:`, one.roots.added),
    ...list(`${server} no longer reaches:`, one.roots.removed),
    ...list(`${server} is handed the variables`, one.variables.added),
    ...list(`${server} reaches for`, one.egress.added),
    ...list(`${server} closes`, advisories.closed),
    ...list(`${server} brings`, advisories.opened),
    ...list(`${server} stays affected by`, advisories.left),
    ...(is === 'changed' && runtime.was !== runtime.is
      ? [
          `${server} needs Node ${runtime.is ?? 'of no stated version'} (before: ${runtime.was ?? 'no stated version'}).`,
        ]
      : []),
  ]
}

function surfaceWords({ server, is, surface }: ServerImpact): string[] {
  if (surface.state === 'not-touched') return [`${server} starts as before.`]
  if (surface.state === 'unknown') return [`What changes in what ${server} offers is not known.`]
  if (is === 'added') return [`${server} offers ${surface.is ?? 'an unknown number of'} tools.`]
  if (surface.changes.length === 0) return [`${server} offers exactly what it offered.`]
  const of = (kind: string) => surface.changes.flatMap((one) => (one.kind === kind ? [one.of ?? ''] : []))
  const rest = surface.changes.filter(({ kind }) => !['tool-added', 'tool-removed', 'tool-renamed'].includes(kind))
  return [
    ...list(`${server} offers in addition:`, of('tool-added')),
    ...list(`${server} no longer offers:`, of('tool-removed')),
    ...(rest.length === 0
      ? []
      : [`${server} says or takes something else than before in ${rest.length} places, on which a model acts.`]),
  ]
}

function list(head: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${head} ${some(items)}.`]
}

function some(items: readonly string[]): string {
  const shown = items.slice(0, mostNamed).join(', ')
  return items.length > mostNamed ? `${shown} and ${items.length - mostNamed} more` : shown
}
