import { expect, test } from 'vitest'
import { drawReach, type Entry, reachOf } from './reach'

const entry = (name: string, over: Partial<Entry> = {}): Entry => ({
  ...{ id: `server:${name}`, name, client: 'cursor', path: '/f', disabled: false, destinations: [], credentials: [] },
  ...{ dataRoots: [], withoutTls: [], owner: null, ownership: null, rotatedAt: null },
  ...over,
})
const github = { vendor: 'github', title: 'GitHub', host: 'api.github.com', by: 'url' as const, where: 'url' }
const token = {
  where: 'header X',
  kind: 'token',
  stands: 'plain' as const,
  vendor: 'github',
  sameSince: null,
  beganThen: false,
}
const entries = [
  entry('a', { owner: 'ada', destinations: [github], credentials: [{ ...token, alsoIn: ['b (zed)'] }] }),
  entry('a', { client: 'claude', dataRoots: ['/srv'] }),
  entry('b', { destinations: [github] }),
]

test('each thing stands once, with everything that is tied to it', () => {
  const { servers, groups, ties } = reachOf(entries)
  expect(servers).toEqual(['a', 'b'])
  expect(groups.map(({ title, nodes }) => [title, nodes])).toEqual([
    ['Clients (agents)', ['cursor', 'claude']],
    ['People', ['ada']],
    ['Credentials', ['token in header X, in plain text']],
    ['Data', ['/srv']],
    ['Third parties', ['GitHub']],
    ['Hold the same credential', ['b (zed)']],
  ])
  expect(ties.filter(({ node }) => node === 'GitHub').map(({ server }) => server)).toEqual(['a', 'b'])
})

test('no two boxes stand over one another, each tie is drawn, and all is inside', () => {
  const { boxes, paths, width, height, leftOut } = drawReach(reachOf(entries))
  expect(paths).toHaveLength(reachOf(entries).ties.length)
  expect(leftOut).toBe(0)
  for (const box of boxes) {
    expect(box.x + box.width <= width && box.y + box.height <= height && box.x >= 0 && box.y >= 0).toBe(true)
    const over = boxes.filter((other) => other !== box && other.x === box.x && Math.abs(other.y - box.y) < box.height)
    expect(over).toEqual([])
  }
})

test('of what is too much the rest is counted, and nothing is drawn to it', () => {
  const many = entry('a', { dataRoots: Array.from({ length: 40 }, (_, index) => `/data/${index}`) })
  const { boxes, leftOut, paths } = drawReach(reachOf([many]))
  expect(boxes.filter(({ key }) => key.startsWith('Data '))).toHaveLength(14)
  expect(leftOut).toBe(26)
  expect(paths).toHaveLength(15)
})
