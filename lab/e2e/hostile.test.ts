import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvRows } from './csv-rows.ts'
import { hostileAdvisory, hostileFile, hostileNames, hostileResults } from './hostile-home.ts'
import { startHostileServer } from './hostile-server.ts'
import { type Installation, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { everythingSaid, listings, scan } from './product.ts'

/** Everything but line feed and tab that a terminal or a log could take for a command: C0, DEL, C1. */
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/
const hidden = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/

let installation: Installation
let server: Awaited<ReturnType<typeof startHostileServer>>
let texts: Map<string, string>
beforeAll(async () => {
  installation = newInstallation()
  server = await startHostileServer()
  writeFiles(installation.home, { '.config/Claude/claude_desktop_config.json': hostileFile() })
  writeFiles(installation.cwd, {
    'feed/LAB-2026-0001.json': hostileAdvisory(),
    'results.sarif': hostileResults(),
    'upkeep.yaml': `version: 1\nprobe:\n  - url: ${server.url}\nfeeds:\n  osv: [${JSON.stringify(join(installation.cwd, 'feed'))}]\n`,
  })
  await scan(installation)
  const imported = await upkeep(installation, ['import', 'results', 'results.sarif', '--name', hostileNames[3] ?? ''])
  texts = await everythingSaid(installation)
  texts.set('import results', imported.stdout + imported.stderr)
  for (const args of [['results'], ['results', '--json'], ['results', '--csv']])
    texts.set(args.join(' '), (await upkeep(installation, args)).stdout)
})
afterAll(() => {
  server.close()
  removeInstallation(installation)
})

function said(filter: (asked: string) => boolean): [string, string][] {
  return [...texts].filter(([asked]) => filter(asked))
}
const jsonTexts = [...[...listings, 'results', 'status'].map((name) => `${name} --json`), ...['sarif', 'evidence pack']]
const isJson = (asked: string) => jsonTexts.includes(asked)
const isTerminal = (asked: string) => !isJson(asked) && !asked.endsWith('--csv') && asked !== 'html'

test('the hostile home was looked at: its entries are listed', () => {
  const listed = JSON.parse(texts.get('servers --json') ?? '')
  expect(JSON.stringify(listed).includes('hostile-server')).toBe(true)
  expect(texts.get('import results')).toContain('hostile-server')
  expect(JSON.parse(texts.get('results --json') ?? '').results).toHaveLength(1)
})

test('the terminal gets no control character, nothing hidden, and not a megabyte', () => {
  for (const [asked, text] of said(isTerminal)) {
    expect([asked, controls.exec(text)?.index ?? null]).toEqual([asked, null])
    expect([asked, hidden.exec(text)?.index ?? null]).toEqual([asked, null])
    expect([asked, text.length < 200_000]).toEqual([asked, true])
    expect([asked, text.split('\n').includes('findings: 0, all green')]).toEqual([asked, false])
  }
})

test.each(jsonTexts)('JSON of %s parses, and carries no raw control character or hidden one', (asked) => {
  const text = texts.get(asked) ?? ''
  expect(() => JSON.parse(text)).not.toThrow()
  expect(controls.exec(text)?.index ?? null).toBeNull()
  expect(hidden.exec(text)?.index ?? null).toBeNull()
})

test('HTML holds no element, attribute or address of theirs', () => {
  const html = texts.get('html') ?? ''
  const tags = html.match(/<[a-z!/][^>]*>/gi) ?? []
  expect(tags.length).toBeGreaterThan(50)
  expect(tags.filter((tag) => /^<\/?(script|img|iframe|object|embed|form|base)\b/i.test(tag))).toEqual([])
  expect(tags.filter((tag) => /\son[a-z]+\s*=|javascript:/i.test(tag))).toEqual([])
  expect(controls.exec(html)?.index ?? null).toBeNull()
  expect(hidden.exec(html)?.index ?? null).toBeNull()
  expect(html.length).toBeLessThan(20_000_000)
})

test('CSV has as many cells in each row as in the first, and no cell that a spreadsheet would run', () => {
  for (const [asked, text] of said((one) => one.endsWith('--csv'))) {
    const rows = csvRows(text)
    expect([asked, rows.filter((row) => row.length !== rows[0]?.length)]).toEqual([asked, []])
    expect([asked, rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell))]).toEqual([
      asked,
      [],
    ])
    expect([asked, hidden.test(text)]).toEqual([asked, false])
  }
})

test('one name of a megabyte does not become a megabyte in what a person reads', () => {
  const longest = hostileNames.at(-1)?.slice(0, 5_000) ?? ''
  for (const [asked, text] of said((one) => isTerminal(one) || one === 'html')) {
    expect([asked, text.includes(longest)]).toEqual([asked, false])
  }
})
