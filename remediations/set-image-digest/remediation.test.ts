import { madePorts } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { setImageDigest } from './remediation.ts'

const to = `sha256:${'ab'.repeat(32)}`
const input = { kind: 'set-image-digest' as const, path: '/srv/compose.yaml', image: 'acme/x:1', from: null, to }
const text = '# ours\nservices:\n  a:\n    image: "acme/x:1" # the one\n'

test('the digest stands behind the tag, and nothing is left to do', async () => {
  const ports = madePorts({ '/srv/compose.yaml': text })
  const preview = await setImageDigest.preview(input, ports)
  expect(preview).toMatchObject({
    state: 'possible',
    effects: [{ shown: ['-services.a.image: acme/x:1', `+services.a.image: acme/x:1@${to}`] }],
    summary: [`/srv/compose.yaml: acme/x:1 is named by ${to}, in one place`],
  })
  ports.make(preview)
  expect(ports.text('/srv/compose.yaml')).toBe(text.replace('acme/x:1', `acme/x:1@${to}`))
  expect(await setImageDigest.preview(input, ports)).toMatchObject({ state: 'possible', effects: [] })
})

test.each<[string, Record<string, string>, RegExp]>([
  ['the file is gone', {}, /is not there/],
  ['no place names it', { '/srv/compose.yaml': 'services: {}\n' }, /no place in it/],
  ['it holds broken characters', { '/srv/compose.yaml': `${text}# \uFFFD\n` }, /not UTF-8/],
])('is refused where %s', async (_, files, reason) => {
  expect(await setImageDigest.preview(input, madePorts(files))).toMatchObject({ reason: expect.stringMatching(reason) })
})
