import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { inverse, spliced } from '../client-edits/splices.ts'
import { diceOf } from '../client-edits/testing/dice-of.ts'
import { type Dice, messyText } from '../client-edits/testing/messy-text.ts'
import type { PlainValue } from '../client-edits/text-edit.ts'
import { imagePlaces } from './image-places.ts'
import { setDigest } from './set-digest.ts'

const image = 'ghcr.io/acme/server:1.2'
const to = `sha256:${'ab'.repeat(32)}`
const old = `sha256:${'00'.repeat(32)}`
const wish = { image, from: null, to }

const rows: readonly (readonly [what: string, before: string, after: string])[] = [
  ['a service', `services:\n  a:\n    image: ${image} # ours\n`, `services:\n  a:\n    image: ${image}@${to} # ours\n`],
  ['single quotes', `services: {a: {image: '${image}'}}`, `services: {a: {image: '${image}@${to}'}}`],
  [
    'a flow map without quotes',
    `services: {a: {image: ${image}, x: 1}}\n`,
    `services: {a: {image: ${image}@${to}, x: 1}}\n`,
  ],
  [
    'double quotes, CRLF and a byte order mark',
    `\uFEFFservices:\r\n  a:\r\n    image: "${image}"\r\n`,
    `\uFEFFservices:\r\n  a:\r\n    image: "${image}@${to}"\r\n`,
  ],
  [
    'every service that names it, and no other',
    `services:\n  a: {image: ${image}}\n  b: {image: ${image}3}\n  c: {image: "${image}"}\n`,
    `services:\n  a: {image: ${image}@${to}}\n  b: {image: ${image}3}\n  c: {image: "${image}@${to}"}\n`,
  ],
  [
    'pods at any depth, in the second document',
    `a: 1\n---\n# two\napiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          initContainers:\n          - image: ${image}\n          containers:\n          - name: a # c\n            image: ${image}\n`,
    `a: 1\n---\n# two\napiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          initContainers:\n          - image: ${image}@${to}\n          containers:\n          - name: a # c\n            image: ${image}@${to}\n`,
  ],
  [
    'a list of manifests',
    `apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  spec: {containers: [{image: ${image}}]}\n`,
    `apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  spec: {containers: [{image: ${image}@${to}}]}\n`,
  ],
  ['what bears it already', `services: {a: {image: ${image}@${to}}}\n`, `services: {a: {image: ${image}@${to}}}\n`],
]
test.each(rows)('%s', (_, before, after) => {
  const set = setDigest(before, wish)
  if (set.state === 'refused') throw new Error(set.reason)
  expect(set.text).toBe(after)
  expect(spliced(set.text, inverse(before, set.splices))).toBe(before)
  expect(setDigest(after, wish)).toMatchObject({ state: 'edited', splices: [] })
})

test('another digest takes the place of the one that was seen, and of no other', () => {
  const text = `services: {a: {image: ${image}@${old}}}\n`
  expect(setDigest(text, { image, from: old, to })).toMatchObject({ text: text.replace(old, to) })
  expect(setDigest(text, wish)).toMatchObject({ state: 'refused', code: 'ambiguous' })
})

const refusals: readonly (readonly [what: string, text: string, reason: RegExp])[] = [
  ['where no place names it', 'services: {a: {image: other}}\n', /no place/],
  ['where only a text looks like it', `apiVersion: v1\nkind: ConfigMap\ndata:\n  image: ${image}\n`, /no place/],
  ['where a file is of another kind', `jobs:\n  a:\n    image: ${image}\n`, /no place/],
  ['through an alias', `x: &i ${image}\nservices: {a: {image: *i}}\n`, /no place/],
  ['behind an anchor', `services: {a: {image: &i ${image}}, b: {image: *i}}\n`, /shared with other places/],
  ['in a block text', `services:\n  a:\n    image: >-\n      ${image}\n`, /form that is not edited/],
  ['with its key twice', `services:\n  a:\n    image: ${image}\n    image: ${image}\n`, /twice/],
  ['in a template', `services:\n  a: {{ .Values.x }}\n  b: [\n`, /not well formed/],
  [
    'in what is nested without end',
    `apiVersion: v1\nkind: X\nx: ${'['.repeat(4_000)}${']'.repeat(4_000)}\n`,
    /well formed|too deep/,
  ],
]
test.each(refusals)('is refused %s', (_, text, reason) => {
  expect(setDigest(text, wish)).toMatchObject({ state: 'refused', reason: expect.stringMatching(reason) })
})

test('a reference with a variable is a place whose image cannot be told', () => {
  expect(imagePlaces('services: {a: {image: "$REGISTRY/x:1"}}\n')).toEqual([
    { at: 'services.a.image', reference: null, range: null },
  ])
})

describe('a thousand files', () => {
  const images = [image, 'redis:7', 'localhost:5000/x/y', `${image}-slim`, `redis:7@${old}`]
  const some = <Made>(dice: Dice, make: () => Made) => Array.from({ length: 1 + dice(3) }, make)
  const holder = (dice: Dice): PlainValue => ({
    ...(dice(2) === 0 ? { first: `#${dice(9)}` } : {}),
    image: images[dice(images.length)] ?? '',
    env: [{ name: 'image', value: image }],
  })
  const document = (dice: Dice): PlainValue => {
    if (dice(2) === 0)
      return {
        services: Object.fromEntries(some(dice, () => [`s ${dice(1_000)}`, holder(dice)] as const)),
      }
    const pod = { initContainers: some(dice, () => holder(dice)), containers: some(dice, () => holder(dice)) }
    return { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec: pod } } }
  }
  const trees = (text: string) => parseAllDocuments(text).map((one) => JSON.stringify(one.toJS()))
  const texts = (dice: Dice) =>
    some(dice, () => document(dice))
      .map((one) => messyText(one, 'yaml', dice).replace(/^\uFEFF/, ''))
      .join('\n---\n')

  test('differ in that image alone, and the way back is the very text', () => {
    let edited = 0
    for (let seed = 0; seed < 1_000; seed += 1) {
      const text = texts(diceOf(seed * 7 + 1))
      const set = setDigest(text, wish)
      if (set.state === 'refused') {
        expect(set.code, text).toBe('no-such-path')
        continue
      }
      edited += 1
      expect(spliced(set.text, inverse(text, set.splices))).toBe(text)
      const meant = trees(text).map((one) => one.replaceAll(`"image":"${image}"`, `"image":"${image}@${to}"`))
      expect(trees(set.text)).toEqual(meant)
      expect(setDigest(set.text, wish)).toMatchObject({ splices: [] })
    }
    expect(edited).toBeGreaterThan(400)
  })
})
