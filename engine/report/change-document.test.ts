import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ChangeDocument, type ManagedDocument } from '@upkeep/contract/change-document'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeChange, takeBack } from '../change/drive-change.ts'
import { keyBehind, keysAt, signaturesBy } from '../change/person-keys.ts'
import { storedChange } from '../change/record-step.ts'
import { approvedBy, enrol, hasKeygen, justify, keyOf } from '../change/testing/made-keys.ts'
import { ada, alone, approve, type MadeWorld, makeWorld, propose } from '../change/testing/made-world.ts'
import { verifyStore } from '../evidence/verify-store.ts'
import { changeDocument } from './change-document.ts'
import { documentMarkdown } from './document-markdown.ts'
import { documentHtml } from './html/document-page.ts'
import { hostile } from './report.cases.ts'

let made: MadeWorld
beforeEach(async () => {
  made = await makeWorld(['one.json'])
  made.write('one.json', '"server@1.0.0"')
})
afterEach(() => made.drop())

async function documentOf(id: string, stamps: string[] = []): Promise<ManagedDocument> {
  const state = await storedChange(made.store, id)
  if (state === null) throw new Error('no change')
  const keys = await made.store.personKeys.list()
  return changeDocument(made.store, state, {
    stamps,
    attestations: await made.store.attestations.list(),
    signatureOf: signaturesBy(keys)(id),
    keyAt: (signer, at) => keyBehind(signer, keysAt(keys, at).get(signer.person) ?? []),
  })
}

async function doneAndBack(): Promise<string> {
  const done = await makeChange(made.world, await approve(made, await propose(made, ['one.json'])), alone)
  await takeBack(made.world, done, { why: 'the client does not start it', signer: ada }, alone)
  return done.id
}

test('it says what, who, when, the exact difference, the result, the way back, and where each step lies in the ledger', async () => {
  const id = await doneAndBack()
  const document = await documentOf(id)
  expect(document).toMatchObject({
    what: { title: 'set fs to 2.0.0', effects: [{ path: made.path('one.json'), shown: ['-1.0.0', '+2.0.0'] }] },
    who: { requester: 'ada', makers: ['a test'], approvals: [{ person: 'ada', verified: 'none', signature: null }] },
    result: { outcome: 'rolled-back' },
    rollback: { why: 'the client does not start it', undone: [{ how: 'identical' }], irreversible: [] },
    gaps: [{ field: 'rationale' }],
  })
  const steps = await made.store.changes.steps(id)
  expect(document.evidence.map((one) => one.id)).toEqual(steps.map((step) => step.id))
  const leaves = await made.store.ledger.range(0, await made.store.ledger.size())
  for (const { index, id: record } of document.evidence) expect(leaves[index ?? -1]?.recordId).toBe(record)
})

test('made again it is the same to the byte, in each form; what is said later of it is added', async () => {
  const id = await doneAndBack()
  const all = async () => {
    const document = await documentOf(id)
    return [JSON.stringify(document), documentMarkdown(document), documentHtml(document)]
  }
  const first = await all()
  await propose(made, ['one.json'])
  expect(await all()).toEqual(first)
  await justify(made, `change:${id}`, 'It was needed for the audit')
  const [, markdown] = await all()
  expect(markdown).toContain('It was needed for the audit')
  expect((await documentOf(id)).gaps).toEqual([])
})

test('it has the form of the published schema, and anything else has not', async () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../docs/reference/schemas/change-document.schema.json', import.meta.url), 'utf8'),
  )
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  const validate = ajv.compile(schema)
  const document = ChangeDocument.parse(await documentOf(await doneAndBack()))
  expect(validate(JSON.parse(JSON.stringify(document)))).toBe(true)
  expect(validate({ ...document, rollback: undefined })).toBe(false)
  expect(validate({ ...document, more: 1 })).toBe(false)
})

test.skipIf(!hasKeygen)('each approval is checked with ssh-keygen and nothing of ours', async () => {
  const key = keyOf(made, 'bob')
  await enrol(made, 'k1', '2020-01-01T00:00:00.000Z', key)
  const { id } = await approvedBy(made, await propose(made, ['one.json']), key)
  const [approval] = (await documentOf(id)).who.approvals
  expect(approval?.verified).toBe('holds')
  const put = (name: string, text: string | null | undefined) => {
    writeFileSync(join(made.root, name), text ?? '')
    return join(made.root, name)
  }
  const signers = put('signers', approval?.allowedSigner)
  const signature = put('statement.sig', approval?.signature)
  const verify = (statement: string) =>
    spawnSync('ssh-keygen', ['-Y', 'verify', '-f', signers, '-I', 'bob', '-n', 'upkeep', '-s', signature], {
      input: statement,
    }).status
  expect(verify(approval?.statement ?? '')).toBe(0)
  expect(verify(`${approval?.statement}x`)).not.toBe(0)
  expect(documentMarkdown(await documentOf(id))).toContain(approval?.signature?.trim())
})

test('one altered step: verify names its place in the ledger, which is the one in the document', async () => {
  const document = await documentOf(await doneAndBack())
  const applied = document.evidence.find(({ says }) => says === 'applied')
  const db = new DatabaseSync(join(made.root, 'state', 'state.db'))
  db.prepare(`update change_steps set body = replace(body, ?, ?) where id = ?`).run(
    applied?.at ?? '',
    '2020-01-01T00:00:00.000Z',
    applied?.id ?? '',
  )
  db.close()
  const { problems } = await verifyStore(made.store)
  expect(problems.map(({ index }) => index)).toContain(applied?.index)
})

test('hostile text opens nothing, in Markdown and in HTML', async () => {
  const clean = await documentOf(await doneAndBack(), [hostile])
  const line = `${hostile} \`\`\`\n# not a heading\n<script>`
  const document = {
    ...clean,
    what: {
      ...clean.what,
      title: line,
      summary: [line],
      effects: clean.what.effects.map((one) => ({ ...one, shown: [line] })),
    },
    why: { ...clean.why, reason: line },
  }
  const html = documentHtml(document)
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  expect(html).toContain(`default-src 'none'; style-src 'sha256-${hash}'`.replaceAll("'", '&#39;'))
  expect(html).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|style="|url\(/)
  const markdown = documentMarkdown(document)
  expect(markdown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]/u)
  const outside = markdown.replaceAll(/^(`{3,})\n[\s\S]*?^\1$/gm, '')
  expect(outside).not.toMatch(/<script|^# not/m)
})
