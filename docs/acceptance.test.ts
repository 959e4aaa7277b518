import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { guide } from '../duties/guide.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(import.meta.dirname, 'acceptance.md'), 'utf8')

interface Line {
  what: string
  state: string
}

/** The parts of a text that follow a mark at the start of a line, each under its first line. */
function under(mark: string, text: string): [title: string, body: string][] {
  const [, ...parts] = `\n${text}`.split(`\n${mark} `)
  return parts.map((part) => [part.split('\n', 1)[0] ?? '', part.slice(part.indexOf('\n') + 1)])
}

/** The rows of the one table of a section, its head and ruler left out. */
function rowsOf(body: string): string[][] {
  const rows = body.split('\n').filter((line) => line.startsWith('| '))
  return rows.slice(1).map((row) => row.slice(2, -2).split(' | '))
}

const sections = new Map(under('##', page))
const items = guide.map((item) => {
  const inHeading = new Map(under('###', sections.get(item.heading) ?? ''))
  const body = inHeading.get(item.title) ?? ''
  return { ...item, body, lines: rowsOf(body).map(([what = '', state = '']): Line => ({ what, state })) }
})
const sentences = items.flatMap((item) => item.lines)
const parts = rowsOf(sections.get('Parts that are waited for') ?? '').map(([name]) => name ?? '')
const wholes = ['Whole-product tests', 'Traps', 'Rules against toys'].flatMap((title) =>
  rowsOf(sections.get(title) ?? ''),
)
const journeys = rowsOf(sections.get('Journeys') ?? '')
const parted = [...wholes, ...journeys].flatMap((row) => (row[2] ?? '').split(' · '))
const states = [...sentences.map((line) => line.state), ...parted]

/** What a state claims: tests by file and name, parts that it waits for, places that hold it; null when it is no state. */
function readState(state: string): { shown: [string, string][]; waits: string[]; held: string[] } | null {
  const shown = [...state.matchAll(/`([^`]+)` › `([^`]+)`/g)].map(([, file = '', name = '']): [string, string] => [
    file,
    name,
  ])
  const written = shown.map(([file, name]) => `\`${file}\` › \`${name}\``).join(', ')
  if (shown.length > 0 && state === `shown by ${written}`) return { shown, waits: [], held: [] }
  if (state.startsWith('waits for: ')) return { shown: [], waits: state.slice(11).split(', '), held: [] }
  if (!state.startsWith('held by ')) return null
  const held = [...state.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
  return held.length > 0 ? { shown: [], waits: [], held } : null
}

/** Whether a test file has a test of that name: what is quoted is the first argument of a test, or the name of a row of `dutyCases`. */
function hasTest(source: string, name: string): boolean {
  for (const quoted of [`'${name}'`, `"${name}"`, `\`${name}\``]) {
    for (let at = source.indexOf(quoted); at !== -1; at = source.indexOf(quoted, at + 1)) {
      const before = source.slice(0, at).trimEnd()
      const call = before.slice(before.lastIndexOf('\n') + 1).trim()
      const opens = call.endsWith('(') && !call.includes('=>') && /^(?:test\b|it\b|\])/.test(call)
      if (opens || call === 'name:') return true
    }
  }
  return false
}

const claims = states.flatMap((state) => readState(state)?.shown ?? [])
const byFile = Map.groupBy(claims, ([file]) => file)

describe('the items of the guide', () => {
  test.each(items)('$id stands under its heading, with its sentences', ({ id, body, lines }) => {
    expect(lines.length).toBeGreaterThan(1)
    const stated = existsSync(join(root, 'duties', id)) ? `[duty](../duties/${id}/README.md).` : 'no duty yet.'
    expect(body.trimStart().split('\n', 1)[0]).toBe(`\`${id}\`: ${stated}`)
  })

  test('nothing else is listed among them', () => {
    const headings = [...new Set(guide.map((item) => item.heading))]
    const listed = headings.flatMap((heading) => under('###', sections.get(heading) ?? '').map(([title]) => title))
    expect(listed).toEqual(guide.map((item) => item.title))
    const order = [...sections.keys()].filter((title) => headings.includes(title))
    expect(order).toEqual(headings)
  })

  test('each sentence is shown or waits, and the page counts them', () => {
    const kinds = sentences.map((line) => /^(?:shown by|waits for:) /.exec(line.state)?.[0] ?? line)
    const count = (kind: string) => kinds.filter((one) => one === kind).length
    const [shown, waiting] = [count('shown by '), count('waits for: ')]
    expect(shown + waiting).toBe(sentences.length)
    expect(page).toContain(`44 items, ${sentences.length} sentences: ${shown} shown, ${waiting} wait.`)
    expect(new Set(items.flatMap((item) => item.lines.map((line) => item.id + line.what))).size).toBe(sentences.length)
  })
})

test('the tests of the whole product, the traps and the rules are all there', () => {
  const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)
  expect(wholes.map(([id]) => id)).toEqual([...ids('E2E-', 10), ...ids('T', 18), ...ids('R', 15)])
})

test('the journeys of those for whom there are doors are there', () => {
  expect(new Set(journeys.map(([who]) => who))).toEqual(new Set(['P4', 'P5', 'P7', 'P8', 'P9']))
})

test('every state can be read, waits for parts that are explained, and is held by what exists', () => {
  const read = states.map((state) => [state, readState(state)] as const)
  expect(read.filter(([, state]) => state === null)).toEqual([])
  const waited = new Set(read.flatMap(([, state]) => state?.waits ?? []))
  expect([...waited].sort()).toEqual(parts.toSorted())
  const missing = read.flatMap(([, state]) => state?.held ?? []).filter((path) => !existsSync(join(root, path)))
  expect(missing).toEqual([])
})

test.each([...byFile])('%s has the tests that are named', (file, named) => {
  expect(file).toMatch(/\.test\.ts$/)
  const source = readFileSync(join(root, file), 'utf8')
  expect(named.map(([, name]) => name).filter((name) => !hasTest(source, name))).toEqual([])
})

test('a name counts only where it names a test', () => {
  const source = "describe('group', () => {\n  test('one', () => call('two'))\n  it.each([\n  ])('three', f)\n})\n"
  const rows = "dutyCases(duty, [{\n    name: 'four',\n    summary: 'five',\n}])\ntest(\n  `six`,\n"
  const counted = ['group', 'one', 'on', 'two', 'three', 'four', 'five', 'six'].filter((name) =>
    hasTest(source + rows, name),
  )
  expect(counted).toEqual(['one', 'three', 'four', 'six'])
})
