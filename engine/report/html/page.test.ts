import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { findingOf, fs, hostile, modelOf } from '../report.cases.ts'
import { renderHtml } from './page.ts'

const verdict = {
  subject: fs,
  verdict: 'fail',
  findings: ['a'],
  unknowns: [],
  passes: ['the configuration is pinned'],
  notApplicable: null,
  notCovered: [],
} as const

function fullModel() {
  const digest = 'cd'.repeat(32)
  return modelOf([findingOf({ fingerprint: 'a', to: '2.0.1' })], {
    verdicts: [
      {
        duty: 'vulnerability-scanning',
        run: 'run-1',
        verdict: { ...verdict, findings: ['a'], unknowns: [], passes: [...verdict.passes], notCovered: [] },
        observations: [
          {
            kind: 'resolved-package',
            subject: fs,
            digest,
            strength: 'resolved',
            collectors: ['resolved-packages 1'],
            state: 'seen',
            body: '{"state":"seen"}',
          },
        ],
      },
    ],
    runs: [
      {
        ledgerIndex: 6,
        run: {
          id: 'run-1',
          round: 'round-1',
          duty: 'vulnerability-scanning',
          dutyVersion: 1,
          cadence: 'monthly',
          reason: 'due',
          outcome: 'completed',
          missedPeriods: 0,
          detail: '',
          startedAt: '2026-11-22T09:27:00.000Z',
          endedAt: '2026-11-22T09:27:01.000Z',
          clock: 'system',
          practice: false,
          collectors: { 'resolved-packages': 1 },
          params: {},
          observations: digest,
          verdicts: digest,
          counts: { pass: 0, fail: 1, unknown: 0, notApplicable: 0, opened: 1, resolved: 0 },
        },
      },
    ],
    ledgerIndexes: new Map([['finding-a', 7]]),
  })
}

/** Ids in the page, and the ids that links lead to. */
function anchorsOf(html: string): { ids: string[]; links: string[] } {
  return {
    ids: [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1] ?? ''),
    links: [...html.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] ?? ''),
  }
}

describe('HTML report', () => {
  test('every fact leads to its source: finding, verdict, observation, run, ledger entry', () => {
    const html = renderHtml(fullModel())
    const { ids, links } = anchorsOf(html)
    expect(links.filter((link) => !ids.includes(link))).toEqual([])
    expect(ids).toHaveLength(new Set(ids).size)
    for (const kind of ['finding-', 'verdict-', 'observation-', 'run-']) {
      expect(links.some((link) => link.startsWith(kind))).toBe(true)
    }
    expect(html).toContain('resolved-packages 1')
    expect(html).toContain('ledger entry 7')
    expect(html).toContain('ledger entry 6')
  })

  test('nothing but its own style sheet may act: the policy carries the hash of what is there', () => {
    const html = renderHtml(fullModel())
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(html).toContain(`default-src 'none'; style-src 'sha256-${hash}'`.replaceAll("'", '&#39;'))
    expect(html).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|style="|url\(|https?:\/\//)
  })

  test('hostile text is shown as marks and opens nothing', () => {
    const subject = { ...fs, id: `server:cursor:/${hostile}#x`, name: hostile }
    const clean = renderHtml(modelOf([findingOf({ fingerprint: 'h' })]))
    const html = renderHtml(
      modelOf([findingOf({ fingerprint: 'h', subject, summary: hostile, action: hostile })], {
        unknowns: [{ reason: hostile, duties: [hostile], subjects: [subject] }],
      }),
    )
    const tags = (text: string) => new Set([...text.matchAll(/<\/?([a-z0-9]+)/g)].map((match) => match[1]))
    expect([...tags(html)].filter((tag) => !tags(clean).has(tag))).toEqual([])
    expect(html).not.toContain('<script')
    expect(html).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u{e0041}]/u)
    expect(html).toContain('⟨U+202E⟩')
  })

  test('sources that differ stand beside each other with their names, and grounds of long ago bear their age', () => {
    const finding = findingOf({ fingerprint: 'a' })
    const values = [
      { source: 'cve', record: 'CVE-2025-6514', value: 'critical' },
      { source: 'pages', record: 'SITE-2025-1', value: '<b>high</b>' },
    ]
    const facts = { advisory: 'GHSA-1', feed: 'osv.zip', conflicts: [{ field: 'severity', values }] }
    const model = modelOf([{ ...finding, statement: { ...finding.statement, facts } }])
    const feed = { id: 'osv.zip', form: 'osv' as const, newest: '2026-01-05T00:00:00Z', maxAgeDays: 35 }
    const html = renderHtml({ ...model, coverage: { ...model.coverage, feeds: [feed] } })
    expect(html).toContain('<td>severity</td><td>critical</td><td>CVE-2025-6514</td><td>cve</td>')
    expect(html).toContain('<td></td><td>&lt;b&gt;high&lt;/b&gt;</td><td>SITE-2025-1</td><td>pages</td>')
    expect(html).toContain('rests on advice of 2026-01-05 or before')
    const plain = renderHtml(modelOf([finding]))
    expect(plain).not.toContain('Sources differ')
    expect(plain).not.toContain('Age of grounds')
  })

  test('each status has a colour, a shape and a word', () => {
    const html = renderHtml(fullModel())
    expect(html).toMatch(/<span class="word fail"><span aria-hidden="true">▲<\/span> fail, high<\/span>/)
  })

  test('ten thousand findings render, and what is left out is counted with the command that shows it', () => {
    const findings = Array.from({ length: 10_000 }, (_, index) =>
      findingOf({
        fingerprint: `f${index}`,
        subject: { kind: 'server', id: `server:cursor:/home/u${index}/.cursor/mcp.json#s`, name: `s${index}` },
        action: `Set s${index} to 2.0.1.`,
      }),
    )
    const began = performance.now()
    const html = renderHtml(modelOf(findings))
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(html).toContain('300 of 10000 things to do are shown here. All of them: <code>upkeep findings</code>')
    expect(html.length).toBeLessThan(3_000_000)
  })

  test('practice and simulated clock stand at both ends of the page and in its title', () => {
    const html = renderHtml(modelOf([], { practice: true, simulatedClock: true }))
    expect(html.match(/class="stamp"/g)).toHaveLength(4)
    expect(html).toMatch(/<title>PRACTICE · SIMULATED CLOCK · /)
    expect(renderHtml(modelOf([]))).not.toContain('class="stamp"')
  })
})

test('when it is due, and why then, stands on the card', () => {
  const finding = findingOf({ fingerprint: 'a', to: '2.0.1' })
  const table = { id: 'own', version: 1, row: 3 }
  const due = { at: '2026-11-25T12:00:00.000Z', why: 'reachable from the network, by row 3', table }
  const html = renderHtml(modelOf([{ ...finding, statement: { ...finding.statement, due } }]))
  expect(html).toContain('due in 3 days')
  expect(html).toContain('due 2026-11-25: reachable from the network, by row 3')
  expect(renderHtml(modelOf([finding]))).not.toContain('class="due"')
})

test('an empty estate is told what to try next, and nothing in it is called judged', () => {
  const { coverage } = modelOf([])
  const html = renderHtml(modelOf([], { coverage: { ...coverage, servers: [], clients: [], filesRead: 0 } }))
  for (const command of ['upkeep doctor', 'upkeep scan', 'upkeep --practice']) expect(html).toContain(command)
  expect(html).not.toContain('could be judged')
})

test('servers stand in the order of their names, below what needs a person', () => {
  const { coverage } = modelOf([])
  const [server] = coverage.servers
  const named = ['zeta', 'alpha'].map((name) => server && { ...server, subject: { ...server.subject, name } })
  const html = renderHtml(modelOf([], { coverage: { ...coverage, servers: named.filter((one) => one !== undefined) } }))
  expect(html.indexOf('alpha')).toBeLessThan(html.indexOf('zeta'))
  expect(html.indexOf('id="todo"')).toBeLessThan(html.indexOf('id="servers"'))
})
