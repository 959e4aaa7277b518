import type { EvidencePack } from '@upkeep/contract/evidence'
import { afterAll, expect, test } from 'vitest'
import { cleanUp, file, notesOf, packOf, recordAt, run, sealed } from '../../verify/testing/run-verifier.ts'
import { type ConsolePage, looksRight, openPage } from './console-page.ts'
import { withChromium } from './in-browser.ts'
import { verifiedInBrowser, verifierPage } from './verified-in-browser.ts'

afterAll(cleanUp)
const made = await sealed(3)
const pack = await packOf(made)
const notes = file((await notesOf(made)).join(''))
const [key = ''] = pack.keys
const other = await packOf(await sealed(2))

const altered = (change: (copy: EvidencePack) => unknown): EvidencePack => {
  const copy = structuredClone(pack)
  change(copy)
  return copy
}

/** Packs, and what is given beside them. */
const cases: readonly [name: string, pack: unknown, given: { checkpoints?: string; key?: string }][] = [
  ['as it was exported', pack, {}],
  ['against checkpoints and the key', pack, { checkpoints: notes, key }],
  ['against another key', pack, { key: other.keys[0] ?? '' }],
  ['with no key where one should be', pack, { key: 'x' }],
  ['with no checkpoints in their file', pack, { checkpoints: file('none\n') }],
  ['a changed record', altered((copy) => Object.assign(recordAt(copy, 3).record, { detail: 'nothing' })), {}],
  ['a record taken out', altered((copy) => copy.records.splice(4, 1)), {}],
  ['leaves the other way round', altered((copy) => copy.leaves.reverse()), {}],
  [
    'a changed object',
    altered((copy) => Object.assign(copy.objects, { [Object.keys(copy.objects)[0] ?? '']: '[]' })),
    {},
  ],
  ['another’s checkpoint', altered((copy) => copy.checkpoints.splice(1, 1, other.checkpoints[0] ?? '')), {}],
  [
    'another’s key record',
    altered((copy) => Object.assign(recordAt(copy, 0), { record: recordAt(other, 0).record })),
    {},
  ],
  ['a text that steers', altered((copy) => Object.assign(recordAt(copy, 3), { id: '\x1b[2J\u202e<img src=x>' })), {}],
  [
    'letters that are none of ASCII',
    altered((copy) => Object.assign(recordAt(copy, 4).record, { id: 'é\ud800🙂' })),
    {},
  ],
  ['no pack', 'x', {}],
]

withChromium('the verifier as a page', (launched) => {
  let opened: ConsolePage | null = null
  const page = async () => {
    opened ??= await openPage(launched(), verifierPage)
    return opened
  }

  test.each(cases)('%s: it says what the script says under Node', async (name, given, { checkpoints, key: kept }) => {
    const words = [
      ...(checkpoints === undefined ? [] : ['--checkpoint', checkpoints]),
      ...(kept === undefined ? [] : ['--key', kept]),
    ]
    const said = run(given, ...words)
    const at = await page()
    const buffer = Buffer.from(typeof given === 'string' ? given : JSON.stringify(given))
    const chosen = { name: 'pack.json', mimeType: 'application/json', buffer }
    const shown = await verifiedInBrowser(at.page, chosen, { checkpoints, key: kept })
    const verdict = { 0: 'Valid', 1: 'Not valid' }[said.code ?? 2] ?? 'It could not be checked'
    expect(shown.verdict).toBe(verdict)
    // The name of a file is not what it is called at a terminal.
    const withoutName = (text: string) => text.trim().replace(/^.*(?=: not a file of checkpoints)/m, '')
    expect(withoutName(shown.said)).toBe(withoutName(said.text))
    if (['as it was exported', 'a changed record'].includes(name)) await looksRight(at, `verifier-${said.code}`)
    expect([at.complaints, at.elsewhere.filter((url) => url !== verifierPage)]).toEqual([[], []])
  })

  test('nothing chosen is said, and its policy lets it send and load nothing', async () => {
    const at = await page()
    await at.page.goto(verifierPage)
    await looksRight(at, 'verifier')
    await at.page.getByRole('button', { name: 'Check it' }).click()
    await at.page.getByText('Choose a pack first.').waitFor()
    const sent = await at.page.evaluate(() =>
      fetch('https://example.org/').then(
        () => 'sent',
        () => 'refused',
      ),
    )
    expect(sent).toBe('refused')
    expect(at.complaints.join('\n')).toContain('Refused to connect because it violates')
  })
})
