import { createHash } from 'node:crypto'
import type { ChangeInput, ConfinementProfile } from '@upkeep/contract'
import { editText } from '@upkeep/domain/client-edits/edit-text'
import { type EntryFile, findEntry } from '@upkeep/domain/client-edits/entry-file'
import { revertEdits } from '@upkeep/domain/client-edits/revert-edits'
import { diceOf } from '@upkeep/domain/client-edits/testing/dice-of'
import { clientFiles, generatedFile } from '@upkeep/domain/client-edits/testing/generated-file'
import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { parseText } from '@upkeep/domain/client-formats/parse-text'
import type { PlacedEntry } from '@upkeep/domain/client-formats/raw-entry'
import { describe, expect, test } from 'vitest'
import { addServer } from './add-server/remediation.ts'
import { confineServer } from './confine-server/remediation.ts'
import { cutOffIntegration } from './cut-off-integration/remediation.ts'
import { disableServer } from './disable-server/remediation.ts'
import { moveSecret } from './move-secret/remediation.ts'
import { removeServer } from './remove-server/remediation.ts'
import { restoreClientConfig } from './restore-client-config/remediation.ts'
import { rotateCredential } from './rotate-credential/remediation.ts'
import { setClientPermission } from './set-client-permission/remediation.ts'
import { setServerArgs } from './set-server-args/remediation.ts'
import { setServerVersion } from './set-server-version/remediation.ts'

const runs = 1_000
const at = '2026-11-22T09:30:00.000Z'
type Named = { path: string; server: string; project: string | null }

/** One change of each kind, of whatever entry there is; `copy` is another file of the client that was kept. */
function inputsFor(named: Named, { command, args, autoApprove, env }: PlacedEntry, copy: string): ChangeInput[] {
  const last = args.length - 1
  const [variable] = env.keys()
  const entry = { transport: 'stdio' as const, command: 'uvx', args: ['n@1'], env: { K: 'v' }, cwd: null }
  return [
    { kind: 'set-server-version', ...named, package: 'pkg', from: args[1]?.split('@')[1] ?? null, to: '2.0.1' },
    {
      kind: 'set-server-args',
      ...named,
      changes: [{ kind: 'replace', index: last, from: args[last] ?? '', to: '/other' }],
    },
    { kind: 'add-server', ...named, server: 'new one', entry },
    { kind: 'remove-server', ...named },
    { kind: 'disable-server', ...named },
    { kind: 'set-client-permission', ...named, from: [...autoApprove], to: [] },
    { kind: 'move-secret', ...named, secret: { in: 'env', name: variable ?? 'A' }, to: { store: 'file' } },
    { kind: 'confine-server', ...named, profile: profileFor([command ?? '', ...args]) },
    { kind: 'cut-off-integration', ...named, integration: 'pkg', reference: 'entry' },
    rotation(named, variable ?? 'A', env.get(variable ?? 'A') ?? 'x'),
    restoration(named, copy),
  ]
}

function profileFor(words: string[]): ConfinementProfile {
  return {
    format: 'upkeep-confinement/1',
    server: 'one',
    words,
    start: { runtime: 'node', file: '/srv/one/index.js', packages: null, searches: [], ownFrom: words.length },
    program: ['/srv/one'],
    places: [],
    network: 'none',
    variables: [],
    learned: { calls: 0, listed: null, called: [], watched: false, reached: [], ran: [], lookedFor: [] },
  }
}

function restoration(named: Named, copy: string): ChangeInput {
  const digest = createHash('sha256').update(copy).digest('hex')
  return { kind: 'restore-client-config', ...named, kept: { of: 'then', name: '0-before', digest, at } }
}

function rotation(named: Named, name: string, value: string): ChangeInput {
  const at = { in: 'env' as const, name, start: 0, length: value.length }
  const was = madePorts({}).secrets.fingerprint(value)
  return { kind: 'rotate-credential', ...named, at, was, to: { is: 'value', from: 'env:NEW' }, revoke: false }
}

function preview(input: ChangeInput, ports: ReturnType<typeof madePorts>) {
  switch (input.kind) {
    case 'set-server-version':
      return setServerVersion.preview(input, ports)
    case 'set-server-args':
      return setServerArgs.preview(input, ports)
    case 'add-server':
      return addServer.preview(input, ports)
    case 'remove-server':
      return removeServer.preview(input, ports)
    case 'disable-server':
      return disableServer.preview(input, ports)
    case 'set-client-permission':
      return setClientPermission.preview(input, ports)
    case 'move-secret':
      return moveSecret.preview(input, ports)
    case 'confine-server':
      return confineServer.preview(input, ports)
    case 'cut-off-integration':
      return cutOffIntegration.preview(input, ports)
    case 'rotate-credential':
      return rotateCredential.preview(input, ports)
    case 'restore-client-config':
      return restoreClientConfig.preview(input, ports)
    case 'restore-package-tree':
    case 'set-file-mode':
    case 'set-image-digest':
    case 'deny-server':
    case 'set-calendar':
      throw new Error('not of an entry')
  }
}

const foreign = [{ kind: 'set', path: ['somebody else'], value: 'wrote this' }] as const

/** Somebody else's key, put in after our change: taking ours back leaves what their key alone would have made. */
function expectOnlyOursTakenBack(before: string, after: string, format: EntryFile['location']['format']): void {
  const theirs = editText(after, format, foreign)
  const wanted = editText(before, format, foreign)
  if (theirs.state === 'refused' || wanted.state === 'refused') throw new Error('the other hand could not write')
  const reverted = revertEdits(before, after, theirs.text, format)
  if (reverted.state === 'refused') throw new Error(reverted.reason)
  expect(reverted.left).toEqual([])
  expect(parseText(reverted.text, format)).toEqual(parseText(wanted.text, format))
}

/** One change of one generated file; the kind of it where it came to anything. */
async function changeOne(
  [client, words, project]: readonly [EntryFile['client'], string, string | null],
  seed: number,
): Promise<string | null> {
  const path = pathOf(client, words)
  const { file, name } = generatedFile(client, words, project, diceOf(seed * 7 + 1))
  const found = findEntry(file, name)
  if ('code' in found) throw new Error(found.reason)
  const copy = generatedFile(client, words, project, diceOf(seed * 11 + 5)).file.text
  const inputs = inputsFor({ path, server: name.name, project: name.project }, found.entry, copy)
  const input = inputs[seed % inputs.length]
  if (input === undefined) throw new Error('no input')
  const ports = madePorts({ [path]: file.text }, { 'then/0-before': copy })
  const first = await preview(input, ports)
  // An entry with a URL has no arguments, package or variables; not every client has lists of tools.
  if (first.state === 'unavailable' || ports.make(first) === 0) return null
  const after = ports.text(path)
  expectNothingLeft(await preview(input, ports))
  if (after !== null && seed % 3 === 0) expectOnlyOursTakenBack(file.text, after, file.location.format)
  return input.kind
}

/** Asked for again a change is none, or the entry is no longer the one that it was planned for. */
function expectNothingLeft(again: Awaited<ReturnType<typeof preview>>): void {
  if (again.state === 'possible') expect(again.effects).toEqual([])
  else expect(again.reason).toMatch(/is not what it was|asks for|other tools|no entry of that name/)
}

const always =
  'set-server-version set-server-args add-server remove-server disable-server move-secret confine-server rotate-credential cut-off-integration restore-client-config'.split(
    ' ',
  )

describe.each(clientFiles)('a thousand files of %s (%s, project %s)', (...file) => {
  test('are changed once, and only ours is taken back from them', async () => {
    const made: (string | null)[] = []
    for (let seed = 0; seed < runs; seed += 1) made.push(await changeOne(file, seed))
    for (const kind of always) expect(made.filter((each) => each === kind).length, kind).toBeGreaterThan(40)
  })
})
