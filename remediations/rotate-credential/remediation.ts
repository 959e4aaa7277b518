import type { Refusal } from '@upkeep/contract/ports'
import { defineRemediation, type Preview } from '@upkeep/contract/remediation'
import { findEntry } from '@upkeep/domain/client-edits/entry-file'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { refusedEntry, untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { newSecret } from './new-secret.ts'
import { rotateLaunched } from './rotate-launched.ts'
import { rotateInPlace, toReference } from './rotate-value.ts'
import type { Rotated, Rotating } from './rotating.ts'
import { whereOf } from './where-of.ts'

/** Puts a new credential where an old one stands: in its very place, in the file that our launcher reads, or as a reference. */
export const rotateCredential = defineRemediation({
  makes: 'rotate-credential',
  version: 1,
  title: 'Put a new credential in the place of an old one',
  reaches: ['files', 'places', 'secrets'],
  preview(input, ports) {
    const opened = openNamedEntry(input, ports)
    if (opened.state === 'unavailable') return opened
    const found = findEntry(opened.file, opened.name)
    if ('code' in found) return refusedEntry(input, found.reason)
    const rotating = { input, ports, file: opened.file, name: opened.name, entry: found.entry }
    return previewOf(rotating, rotated(rotating))
  },
})

function rotated(rotating: Rotating): Rotated {
  const { at, to } = rotating.input
  if (to.is === 'reference')
    return at.in === 'launched' ? rotateLaunched(rotating, to.text, null) : toReference(rotating, at, to.text)
  const secret = newSecret(rotating, to.from)
  if (secret.state === 'not') return secret
  return at.in === 'launched' ? rotateLaunched(rotating, null, secret.text) : rotateInPlace(rotating, at, secret.text)
}

function previewOf({ input }: Rotating, done: Rotated): Preview | Refusal {
  const where = whereOf(input)
  if (done.state === 'not') return refusedEntry(input, done.reason)
  const said = {
    state: 'possible' as const,
    summary: [`${input.server}: the credential in its ${where} is another one`],
    limits: [untilRestarted, stillGood],
    irreversible: input.revoke ? [revoked] : [],
  }
  if (done.state === 'made') return { ...said, effects: [], irreversible: [] }
  if (done.state === 'file') return { ...said, effects: [done.effect] }
  if (done.edited.state === 'refused') return refusedEntry(input, done.edited.reason)
  const to = { text: done.edited.text }
  const from = input.to.is === 'reference' ? `from ${input.to.text}` : '(another one, hidden)'
  const shown = [`-${input.server}: ${where} (hidden)`, `+${input.server}: ${where} ${from}`]
  return { ...said, effects: [{ kind: 'file', path: input.path, to, shown }] }
}

const stillGood = 'the old one opens what it opened until it is revoked where it was given out'
const revoked = 'the old credential is revoked at its issuer: taken back, the files hold one that opens nothing'
