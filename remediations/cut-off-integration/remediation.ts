import type { ChangeOf } from '@upkeep/contract/change'
import type { FilesPort } from '@upkeep/contract/ports'
import { defineRemediation, type FileEffect, type Preview } from '@upkeep/contract/remediation'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { takeAway } from '@upkeep/domain/client-edits/take-away'
import { withoutMentions } from './without-mentions.ts'

/** Takes one reference to an integration away. What cannot be taken away is no refusal: it is listed, and the others go. */
export const cutOffIntegration = defineRemediation({
  makes: 'cut-off-integration',
  version: 1,
  title: 'Take a reference to an integration away',
  reaches: ['files', 'places'],
  preview(input, ports) {
    if (input.reference === 'secret') return ofSecret(input, ports.files.inspect(input.path))
    if (input.reference === 'mention') return withoutMentions(input, ports)
    const opened = openNamedEntry(input, ports)
    if (opened.state === 'unavailable') return left(input, opened.reason)
    const taken = takeAway(opened.file, opened.name)
    if ('state' in taken) return left(input, taken.reason)
    return gone(input, taken.effects, [untilRestarted])
  },
})

type Input = ChangeOf<'cut-off-integration'>

function gone({ server, path }: Input, effects: readonly FileEffect[], limits: readonly string[]): Preview {
  const summary = effects.length === 0 ? [] : [`${server} is no longer declared in ${path}`]
  return { state: 'possible', effects, summary, limits, irreversible: [] }
}

function left({ server, path, integration }: Input, reason: string): Preview {
  const limits = [`${integration} is left in ${path} (${server}), which is not edited: ${reason}`]
  return { state: 'possible', effects: [], summary: [], limits, irreversible: [] }
}

/** Whatever it is: the engine alone says whether it may go. */
function ofSecret(input: Input, found: ReturnType<FilesPort['inspect']>): Preview {
  const { path, server } = input
  if (found.state === 'unavailable') return left(input, found.reason)
  const effects: FileEffect[] =
    found.state === 'absent' ? [] : [{ kind: 'file', path, to: 'absent', shown: ['-the secret (hidden)'] }]
  const summary = effects.length === 0 ? [] : [`the secret that ${server} was started with is gone: ${path}`]
  return { state: 'possible', effects, summary, limits: [], irreversible: [] }
}
