import { serverSubject } from '@upkeep/contract'
import { displayWidth } from '@upkeep/domain/printable-width'
import { expect, test } from 'vitest'
import { findingOf, fs, hostile, modelOf } from './report.cases.ts'
import { renderTerminal } from './terminal.ts'
import type { TerminalOptions } from './terminal-options.ts'

const options: TerminalOptions = {
  width: 80,
  colour: false,
  ascii: false,
  verbose: false,
  reportPath: '/home/ada/.local/state/upkeep/report.html',
  maxItems: 10,
}

test('coverage first, then the worst thing with what closes it, then where the rest is', () => {
  const model = modelOf(
    [
      findingOf({ fingerprint: 'a1', to: '2.0.1' }),
      findingOf({ fingerprint: 'a2', to: '2.0.1', severity: 'critical', summary: 'follows links out: CVE-2025-53109' }),
      findingOf({
        fingerprint: 'b1',
        severity: 'low',
        action: 'Set the mode to 0600.',
        summary: 'readable by everyone',
      }),
    ],
    { unknowns: [{ reason: 'unpinned, no cached copy', duties: ['vulnerability-scanning'], subjects: [fs] }] },
  )
  expect(renderTerminal(model, options)).toMatchInlineSnapshot(`
    "1 server in 1 client · 1 resolved, 0 declared, 0 observed
    nothing was started, nothing was sent

      critical  fs  2 findings: follows links out: CVE-2025-53109
                    mind: needs Node.js 24
                    do: Set fs to 2.0.1.                          upkeep findings fs
      low       fs  readable by everyone
                    do: Set the mode to 0600.                     upkeep findings fs

      unknown   fs  unpinned, no cached copy               upkeep findings --unknown

    3 findings, 0 unknown · full report: /home/ada/.local/state/upkeep/report.html
    ledger entry 7
    "
  `)
})

test('a quiet day is one line', () => {
  const quiet = modelOf([], { totals: { findings: 0, accepted: 0, unknown: 0, pass: 4, notApplicable: 0 } })
  expect(renderTerminal(quiet, options)).toBe(
    'nothing needs you: 1 server in 1 client · 4 passed 3 min ago · ledger entry 7\n',
  )
})

test('an empty estate reads as nothing found, with no word of green', () => {
  const model = modelOf([])
  const empty = modelOf([], {
    coverage: {
      ...model.coverage,
      servers: [],
      clients: [],
      strengths: { declared: 0, resolved: 0, observed: 0, proven: 0 },
    },
  })
  const text = renderTerminal(empty, { ...options, colour: true })
  expect(text).toContain('no server found in 1 configuration file')
  expect(text).not.toMatch(/pass|\u001b\[32m/)
})

test.each([40, 80, 120, 200])('no line is longer than the terminal at %i columns', (width) => {
  const findings = Array.from({ length: 30 }, (_, index) =>
    findingOf({
      fingerprint: `f${index}`,
      summary: `${'word '.repeat(index)}日本語${'x'.repeat(index * 3)}`,
      action: `Do ${index}`,
    }),
  )
  const text = renderTerminal(modelOf(findings), { ...options, width, reportPath: null })
  const widest = Math.max(...text.split('\n').map(displayWidth))
  expect(widest).toBeLessThanOrEqual(Math.min(120, width))
  expect(text).toContain('20 more things to do')
  expect(text).toContain('upkeep findings')
})

test('hostile text comes out as marks', () => {
  const model = modelOf([
    findingOf({ fingerprint: 'h', subject: { ...fs, name: hostile }, summary: hostile, action: hostile }),
  ])
  const text = renderTerminal(model, options)
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u{e0041}]/u)
  expect(text).toContain('⟨U+202E⟩')
  expect(text).toContain('upkeep findings h')
})

test('colour only when asked, and it carries nothing by itself', () => {
  const model = modelOf([findingOf({ fingerprint: 'a' })])
  const plain = renderTerminal(model, options)
  const coloured = renderTerminal(model, { ...options, colour: true })
  expect(plain).not.toContain('\u001b')
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain)
  expect(coloured).not.toBe(plain)
})

test('the ASCII fallback holds nothing else', () => {
  const text = renderTerminal(modelOf([findingOf({ fingerprint: 'a', summary: 'naïve · ⟨x⟩' })]), {
    ...options,
    ascii: true,
  })
  expect(text).toMatch(/^[\n\x20-\x7e]*$/)
})

test('practice and simulated clock stand above everything', () => {
  const text = renderTerminal(modelOf([], { practice: true, simulatedClock: true }), options)
  expect(text.startsWith('PRACTICE:')).toBe(true)
  expect(text).toContain('SIMULATED CLOCK')
})

test('advisory, version and fix are whole at 80 columns; what is quoted is one line; the command ends the line of what to do', () => {
  const facts = {
    advisory: 'GHSA-q66q-fx2p-7w4m',
    aliases: ['CVE-2025-53109'],
    package: '@modelcontextprotocol/server-filesystem',
    version: '2025.3.28',
    says: 'a symbolic link inside the allowed folder leads out of it, and is followed wherever it may lead to.',
  }
  const finding = findingOf({ fingerprint: 'a', to: '2.0.1' })
  const text = renderTerminal(modelOf([{ ...finding, statement: { ...finding.statement, facts } }]), options)
  expect(text).toContain('CVE-2025-53109 in server-filesystem 2025.3.28\n')
  expect(text.split('\n').filter((line) => line.includes('symbolic') || line.includes('followed'))).toHaveLength(1)
  expect(text).toMatch(/do: Set fs to 2\.0\.1\. +upkeep findings fs\n/)
})

test('files that could not be read are in the first line, and then by name', () => {
  const { coverage } = modelOf([])
  const unreadable = ['a', 'b'].map((name) => ({
    subject: { kind: 'file', id: `file:/home/ada/${name}.json`, name } as const,
    code: 'permission-denied' as const,
    reason: 'may not be read',
  }))
  const none = { ...coverage, servers: [], clients: [], filesRead: 0, unreadable }
  const text = renderTerminal(modelOf([], { home: '/home/ada', coverage: none }), options)
  expect(text.startsWith('2 files could not be read')).toBe(true)
  expect(text).not.toContain('0 configuration files')
  expect(text).toMatch(/not read +~\/a\.json: may not be read/)
  const some = renderTerminal(modelOf([], { coverage: { ...coverage, unreadable } }), options)
  expect(some.split('\n')[0]).toContain('1 server in 1 client · 2 files could not be read')
})

test('an entry that was not understood is said: the day is not quiet', () => {
  const quiet = modelOf([], { totals: { findings: 0, accepted: 0, unknown: 0, pass: 4, notApplicable: 0 } })
  const problems = [{ path: '/home/ada/a.json', at: 'line 3', problem: 'not an object' }]
  const text = renderTerminal({ ...quiet, coverage: { ...quiet.coverage, problems } }, options)
  expect(text).not.toContain('nothing needs you')
  expect(text).toContain('/home/ada/a.json, line 3: not an object')
})

test('a standing unknown takes one line, with the command that ends it', () => {
  const reason = `npm: no feed of the whole ecosystem; only pack x ${'of many words '.repeat(10)}was consulted`
  const unknowns = [{ reason, duties: ['vulnerability-scanning'], subjects: [fs] }]
  const text = renderTerminal(modelOf([], { unknowns }), options)
  expect(text).toMatch(/unknown +fs +npm: no feed of the whole ecosystem +upkeep feeds import\n/)
  expect(text).not.toContain('many words')
  expect(renderTerminal(modelOf([], { unknowns }), { ...options, verbose: true })).toContain('many words')
})

test('what all changes close over several homes is said at the end, also where one of them is the own; in the own alone it is not', () => {
  const found = ['ada', 'bo', 'cy'].map((name) => {
    const subject = serverSubject('cursor', `/homes/${name}/.cursor/mcp.json`, 'fs')
    return findingOf({ fingerprint: name, subject, to: '2.0.1' })
  })
  const sum = '1 change closes 3 findings in 3 homes and projects'
  const ended = (home: string | null) => renderTerminal(modelOf(found, { home }), options).replaceAll(/\s+/g, ' ')
  expect(ended(null)).toContain(sum)
  expect(ended('/homes/ada')).toContain(sum)
  expect(ended('/homes')).not.toContain('homes and projects')
})
