import type { Output } from '../api/client'

export type Entry = Output<'integrations'>['servers'][number]

/** What stands beside the servers, on one side or the other. */
interface ReachGroup {
  readonly title: string
  readonly side: 'left' | 'right'
  readonly nodes: readonly string[]
}

/** Who and what is in reach of some servers: their names, what stands around them, and which is tied to which. */
export interface Reach {
  readonly servers: readonly string[]
  readonly groups: readonly ReachGroup[]
  readonly ties: readonly { server: string; group: string; node: string }[]
}

const kinds: readonly { title: string; side: 'left' | 'right'; of: (entry: Entry) => readonly string[] }[] = [
  { title: 'Clients (agents)', side: 'left', of: ({ client }) => [client] },
  { title: 'People', side: 'left', of: ({ owner }) => (owner === null ? [] : [owner]) },
  {
    title: 'Credentials',
    side: 'right',
    of: ({ credentials }) =>
      credentials.map(({ kind, where, stands }) => `${kind} in ${where}${stands === 'plain' ? ', in plain text' : ''}`),
  },
  { title: 'Data', side: 'right', of: ({ dataRoots }) => dataRoots },
  {
    title: 'Third parties',
    side: 'right',
    of: ({ destinations }) => destinations.flatMap(({ title, host, vendor }) => title ?? host ?? vendor ?? []),
  },
  {
    title: 'Hold the same credential',
    side: 'right',
    of: ({ credentials }) => credentials.flatMap(({ alsoIn }) => alsoIn),
  },
]

/** The declared surroundings of servers, each thing once. Entries of one name are one server. */
export function reachOf(entries: readonly Entry[]): Reach {
  const ties = kinds.flatMap(({ title, of }) =>
    entries.flatMap((entry) => of(entry).map((node) => ({ server: entry.name, group: title, node }))),
  )
  const groups = kinds.map(({ title, side }) => ({
    title,
    side,
    nodes: distinct(ties.filter(({ group }) => group === title).map(({ node }) => node)),
  }))
  return {
    servers: distinct(entries.map(({ name }) => name)),
    groups: groups.filter(({ nodes }) => nodes.length > 0),
    ties: [...new Map(ties.map((tie) => [JSON.stringify(tie), tie])).values()],
  }
}

function distinct(all: readonly string[]): string[] {
  return [...new Set(all)]
}

/** A box of the figure, in its own units (about a pixel each). */
export interface Box {
  readonly key: string
  readonly kind: 'node' | 'heading' | 'server'
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Drawing {
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly paths: readonly { key: string; d: string }[]
  /** How many things are left out of each group, where there are too many to be told apart. */
  readonly leftOut: number
}

const column = { width: 260, gap: 90 }
const row = { height: 30, gap: 8 }
const most = 14

/** Three columns: who uses and answers for them, the servers, what they hold and reach. A tie is a curve between two boxes. */
export function drawReach({ servers, groups, ties }: Reach): Drawing {
  const shown = servers.slice(0, most)
  const lefts = stacked(groups.filter(({ side }) => side === 'left'))
  const rights = stacked(groups.filter(({ side }) => side === 'right'))
  const middles = shown.map((text) => ({ key: `server ${text}`, kind: 'server' as const, text }))
  const columns = [lefts, middles, rights]
  const height = Math.max(...columns.map((one) => one.length)) * (row.height + row.gap)
  const boxes = columns.flatMap((cells, index) => placed(cells, index, height))
  const byKey = new Map(boxes.map((box) => [box.key, box]))
  const paths = ties.flatMap(({ server, group, node }) => {
    const [from, to] = [byKey.get(`server ${server}`), byKey.get(`${group} ${node}`)]
    return from === undefined || to === undefined ? [] : [{ key: `${server} ${group} ${node}`, d: curve(from, to) }]
  })
  const all = servers.length + groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
  const drawn = boxes.filter(({ kind }) => kind !== 'heading').length
  return { width: 3 * column.width + 2 * column.gap, height, boxes, paths, leftOut: all - drawn }
}

type Cell = Pick<Box, 'key' | 'kind' | 'text'>

function stacked(groups: readonly ReachGroup[]): Cell[] {
  return groups.flatMap(({ title, nodes }): Cell[] => [
    { key: `heading ${title}`, kind: 'heading', text: title },
    ...nodes.slice(0, most).map((text): Cell => ({ key: `${title} ${text}`, kind: 'node', text })),
  ])
}

/** Each column stands in the middle of the height. */
function placed(cells: readonly Cell[], index: number, height: number): Box[] {
  const top = (height - cells.length * (row.height + row.gap)) / 2
  return cells.map((cell, at) => ({
    ...cell,
    x: index * (column.width + column.gap),
    y: top + at * (row.height + row.gap) + row.gap / 2,
    width: column.width,
    height: row.height,
  }))
}

function curve(server: Box, other: Box): string {
  const isLeft = other.x < server.x
  const [from, to] = isLeft ? [other, server] : [server, other]
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2]
  const [x2, y2] = [to.x, to.y + to.height / 2]
  const bend = (x2 - x1) / 2
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}
