import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { findingOf, fs, hostile, modelOf } from './report.cases.ts'
import { renderSarif } from './sarif.ts'

const schemaPath = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
// The schema is draft-04 in name; it uses no keyword that draft-07 reads differently, or compiling it would fail here.
const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(schemaPath, 'utf8'))
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
formats.default(ajv)
const judge = ajv.compile(schema)

function problemsOf(text: string): unknown {
  judge(JSON.parse(text))
  return judge.errors
}

const acceptance = {
  id: 'acceptance-1',
  at: '2026-11-20T09:30:00.000Z',
  fingerprint: 'b',
  reason: 'moves next month',
  until: '2026-12-20T09:30:00.000Z',
  withdraws: null,
  signer: { person: 'ada', presence: 'not-proven', signature: null },
} as const

describe('SARIF', () => {
  test('a foreign schema takes it, and refuses it when it is broken', () => {
    const model = modelOf([findingOf({ fingerprint: 'a', to: '2.0.1' })], {
      accepted: [{ finding: findingOf({ fingerprint: 'b' }), acceptance }],
      unknowns: [{ reason: 'no feed', duties: ['vulnerability-scanning'], subjects: [fs] }],
    })
    const text = renderSarif(model)
    expect(problemsOf(text)).toBeNull()
    expect(problemsOf(text.replace('"level": "error"', '"level": "dreadful"'))).not.toBeNull()
    expect(problemsOf(renderSarif(modelOf([])))).toBeNull()
  })

  test('fingerprints do not move when words and dates do', () => {
    const one = JSON.parse(renderSarif(modelOf([findingOf({ fingerprint: 'a' })])))
    const other = JSON.parse(
      renderSarif(
        modelOf([findingOf({ fingerprint: 'a', summary: 'other words', firstSeenAt: '2026-01-01T00:00:00.000Z' })]),
      ),
    )
    expect(one.runs[0].results[0].partialFingerprints).toEqual({ 'upkeep/v1': 'a' })
    expect(other.runs[0].results[0].partialFingerprints).toEqual(one.runs[0].results[0].partialFingerprints)
  })

  test('an accepted finding is suppressed, an unknown is a notification, each rule has its help', () => {
    const model = modelOf([], {
      accepted: [{ finding: findingOf({ fingerprint: 'b' }), acceptance }],
      unknowns: [{ reason: 'no feed', duties: ['vulnerability-scanning'], subjects: [fs] }],
      practice: true,
    })
    const [run] = JSON.parse(renderSarif(model)).runs
    expect(run.results[0].suppressions[0]).toMatchObject({ kind: 'external', status: 'accepted' })
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toBe('unknown for fs: no feed')
    expect(run.tool.driver.rules[run.results[0].ruleIndex].help.text).toBe('Set a fixed version.')
    expect(run.properties.practice).toBe(true)
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      'file:///home/ada/.config/Claude/claude_desktop_config.json',
    )
  })

  const location = (facts: Record<string, unknown>, root: string | null, line: number | null = null) => {
    const model = modelOf([])
    const finding = findingOf({ fingerprint: 'a' })
    const servers = model.coverage.servers.map((one) => ({ ...one, line }))
    const stated = { ...finding, statement: { ...finding.statement, facts } }
    const text = renderSarif(modelOf([stated], { coverage: { ...model.coverage, servers } }), root)
    expect(problemsOf(text)).toBeNull()
    const [run] = JSON.parse(text).runs
    const { artifactLocation, region } = run.results[0].locations[0].physicalLocation
    return [artifactLocation.uriBaseId ?? null, artifactLocation.uri, region.startLine]
  }
  const base = '%SRCROOT%'
  const config = 'file:///home/ada/.config/Claude/claude_desktop_config.json'
  const source = { folder: '/srv/mine', path: 'src/a b.js', lines: [12, 40] }
  const npx = '/home/ada/.npm/_npx/0123456789abcdef'

  test.each([
    ['source of the project', source, '/srv/mine', [base, 'src/a%20b.js', 12]],
    ['source elsewhere', source, '/srv/other', [null, 'file:///srv/mine/src/a%20b.js', 12]],
    ['source of a whole scan', source, null, [null, 'file:///srv/mine/src/a%20b.js', 12]],
    ['a text', { folder: '/srv/mine', path: 'a.js', line: 3 }, '/srv/mine/', [base, 'a.js', 3]],
    [
      'a package of the project',
      { copy: '/srv/mine', path: 'node_modules/x', ecosystem: 'npm' },
      '/srv/mine',
      [base, 'package.json', 1],
    ],
    [
      'a package that a lock file names',
      { copy: '/srv/mine/srv', path: '/srv/mine/uv.lock', ecosystem: 'PyPI' },
      '/srv/mine',
      [base, 'uv.lock', 1],
    ],
    [
      'a package in a cache: the entry',
      { copy: npx, path: 'node_modules/x', ecosystem: 'npm' },
      '/work',
      [null, config, 7],
    ],
    ['anything else: the entry', {}, '/home/ada', [base, '.config/Claude/claude_desktop_config.json', 7]],
  ])('%s is where it is to be mended', (_, facts, root, expected) => expect(location(facts, root, 7)).toEqual(expected))

  test('the project is named once, as the base of what lies below it', () => {
    const [run] = JSON.parse(renderSarif(modelOf([]), '/srv/mine')).runs
    expect(run.originalUriBaseIds).toEqual({ '%SRCROOT%': { uri: 'file:///srv/mine/' } })
    expect(JSON.parse(renderSarif(modelOf([]))).runs[0].originalUriBaseIds).toBeUndefined()
  })

  test('hostile text stays text', () => {
    const subject = { ...fs, id: `server:claude-desktop:/home/${hostile}/x.json#a`, name: hostile }
    const text = renderSarif(modelOf([findingOf({ fingerprint: 'h', subject, summary: hostile, action: hostile })]))
    expect(problemsOf(text)).toBeNull()
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u{e0041}]/u)
  })
})
