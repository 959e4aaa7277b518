import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { approve } from './approve.ts'
import { baselineAccept } from './baseline-accept.ts'
import { changes } from './changes.ts'
import { findings } from './findings.ts'
import { fix } from './fix.ts'
import { presentPerson } from './person.cases.ts'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { undo } from './undo.ts'

const token = `${'ghp_'}${'a1B2'.repeat(9)}`
const approvedText = `{
  // mine
  "theme": "dark",
  "mcpServers": {
    "gh": {"command": "npx", "args": ["-y", "gh@1.0.0"], "env": {"GH_TOKEN": "${token}"}},
    "fs": {"command": "npx", "args": ["-y", "fs@1.0.0"]}
  }
}
`
const asked = { restoreConfig: true, reason: 'it was altered', key: 'the key of the test' }
const drift = ['configuration-drift-detection']

/** A home with two servers that somebody approved; then their file is altered. */
async function altered(text: string | null) {
  const product = testProduct({}, presentPerson())
  product.write('upkeep.yaml', 'version: 1\nprofile: team\n')
  product.write('.cursor/mcp.json', approvedText)
  const path = join(product.home, '.cursor/mcp.json')
  await product.run(scan, { duties: drift })
  const { output } = await product.run(baselineAccept, { reason: 'read', key: 'the key of the test' })
  if (text === null) rmSync(path)
  else product.write('.cursor/mcp.json', text)
  await product.run(scan, { duties: drift })
  return { product, path, baseline: output.baseline.id, text: () => readFileSync(path, 'utf8') }
}

const tampered = approvedText
  .replace('"gh@1.0.0"', '"gh@1.0.0", "--all"')
  .replace(token, 'ghs_of_somebody_else_0123456789')
  .replace('"theme": "dark"', '"theme": "light"')

test('an entry becomes what was approved, the secret of then included; what else was written stays, and undo gives all of it back', async () => {
  const { product, path, text } = await altered(tampered)
  const { output } = await product.run(fix, { ...asked, what: ['gh'] })
  expect(output.change).toMatchObject({ outcome: 'done', sighting: { holds: true } })
  expect(output.change?.sighting?.findings.map(({ state }) => state)).toContain('resolved')
  expect(text()).toBe(approvedText.replace('"theme": "dark"', '"theme": "light"'))
  expect(JSON.stringify(output)).not.toContain(token)
  expect(output.change?.plan.limits).toContainEqual(
    expect.stringMatching(new RegExp(`^gh in ${path}: as .* approved it at`)),
  )
  const open = await product.run(findings, {})
  expect(open.output.findings.filter(({ finding }) => finding.statement.duty === drift[0])).toEqual([])
  expect((await product.run(undo)).output.change.outcome).toBe('rolled-back')
  expect(text()).toBe(tampered)
})

test('of a whole file every entry that differs goes back: one that is gone, one that was added', async () => {
  const { product, path, text } = await altered(
    '{"mcpServers": {"gh": {"command": "npx"}, "evil": {"command": "evil"}}}',
  )
  await product.run(fix, { ...asked, what: [path] })
  expect(JSON.parse(text()).mcpServers).toEqual({
    gh: { command: 'npx', args: ['-y', 'gh@1.0.0'], env: { GH_TOKEN: token } },
    fs: { command: 'npx', args: ['-y', 'fs@1.0.0'] },
  })
})

test.each([
  ['that is gone', null],
  ['that no client can read', '{"mcpServers": {'],
])('a file %s is put back byte for byte, and undo takes it away again', async (_, is) => {
  const { product, path, text } = await altered(is)
  const { output } = await product.run(fix, { ...asked, what: [path] })
  expect(text()).toBe(approvedText)
  expect(output.change?.plan.limits).toContainEqual(expect.stringMatching(/does not come back|is lost/))
  await product.run(undo)
  if (is === null) expect(text).toThrow(/ENOENT/)
  else expect(text()).toBe(is)
})

test('a change or a day names the copy: as that change left it, and as it was at the end of that day', async () => {
  const { product, path, text, baseline } = await altered(tampered)
  const made = await product.run(fix, { what: ['gh'], arg: ['3=--read-only'], reason: 'less', key: asked.key })
  const id = made.output.change?.id ?? ''
  const left = text()
  product.write('.cursor/mcp.json', left.replace('--read-only', '--none'))
  const { output } = await product.run(fix, { ...asked, what: ['gh'], asOf: id })
  expect(text()).toBe(left)
  expect(output.change?.plan.limits).toContainEqual(
    `gh in ${path}: as change ${id} kept it at ${output.change?.plan.inputs.map((one) => (one.kind === 'restore-client-config' ? one.kept.at : ''))[0]}; no approval in force says so`,
  )
  await product.run(fix, { ...asked, what: ['gh'], asOf: baseline })
  expect(text()).toContain('"gh@1.0.0"],')
  await expect(product.run(fix, { ...asked, what: ['gh'], asOf: '2026-11-01' })).rejects.toThrow(
    /No copy of .* as of 2026-11-01/,
  )
})

test('what is no file of a client, what was never kept, and what is as it was are no change', async () => {
  const { product, path } = await altered(approvedText)
  product.write('notes.txt', 'mine')
  await expect(product.run(fix, { ...asked, what: [join(product.home, 'notes.txt')] })).rejects.toThrow(
    /No server of the name/,
  )
  expect((await product.run(fix, { ...asked, what: [path] })).output.change).toBeNull()
  await expect(product.run(fix, { what: ['gh'], asOf: '2026-11-22', remove: true })).rejects.toThrow(/--as-of/)
})

test('a fetch server that comes back beside files and GitHub is high risk by its sheet, and takes two approvers', async () => {
  const entry = (name: string, words: string) => `"${name}": {"command": "npx", "args": ["-y", ${words}]}`
  const beside = [
    entry('fs', '"@modelcontextprotocol/server-filesystem@2.0.1", "/srv/docs"'),
    entry('gh', '"@modelcontextprotocol/server-github@2025.4.8"'),
  ]
  const fetches = entry('fetch', '"@modelcontextprotocol/server-fetch@1.0.0"')
  const file = (...entries: string[]) => `{"mcpServers": {${entries.join(', ')}}}`
  const product = testProduct({}, presentPerson())
  product.write('upkeep.yaml', people)
  product.write('.cursor/mcp.json', file(...beside, fetches))
  await product.run(scan, { duties: drift })
  await product.run(baselineAccept, { reason: 'read', key: 'the key of the test' }, 'ada')
  product.write('.cursor/mcp.json', file(...beside))
  await product.run(scan, { duties: drift })
  const { output } = await product.run(fix, { ...asked, what: ['fetch'], propose: true }, 'ada')
  const id = output.change?.id ?? ''
  const { sheet } = (await product.run(changes, { change: id })).output
  expect(sheet).toMatchObject({ risk: 'high', approvals: 2 })
  expect(sheet?.newCombinations).toMatchObject([{ untrusted: expect.arrayContaining(['fetch']) }])
  expect(sheet?.inWords).toContain('whoever writes that text may get the data')
  await product.run(approve, { change: id, key: 'the key of the test' }, 'bob')
  await expect(product.run(fix, { change: id }, 'ada')).rejects.toThrow(/1 of 2 approvals are there/)
})

const people = `version: 1
people:
  - {id: ada, name: Ada, roles: [operator, approver]}
  - {id: bob, name: Bob, roles: [approver]}
  - {id: cy, name: Cy, roles: [approver]}
`
