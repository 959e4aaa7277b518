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
                    do: Set fs to 2.0.1.                          upkeep findings fs
      low       fs  readable by everyone
                    do: Set the mode to 0600.                     upkeep findings fs

      unknown  fs: unpinned, no cached copy

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
