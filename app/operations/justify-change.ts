import { UserError } from '@upkeep/contract'
import type { ChangeDocument } from '@upkeep/contract/change-document'
import { isSentence } from '@upkeep/domain/changes/completeness'
import { justify } from '@upkeep/engine/people/justify'
import { counted, plain } from '@upkeep/engine/report/paint'
import { documentNamed } from './change-documents.ts'
import type { Context } from './context.ts'
import { keepAttestation } from './sign-attestation.ts'

/** Says why a change was made: sealed beside it. What was sealed before stays as it is. */
export async function justifyAnswer(context: Context, word: string, reason: string | undefined) {
  const before = await documentNamed(context, word)
  const said = requireSentence(reason, before)
  const at = context.clock.now()
  const record = justify(before.id, said, context.signer, at)
  await keepAttestation(context, record)
  const document = await documentNamed(context, before.id)
  const left = document.gaps.length
  return {
    output: { changes: [], documents: [document], sheet: null },
    text: (style: Parameters<typeof plain>[0]) =>
      `${plain(style, before.what.title)}: justified by ${plain(style, context.signer.person)} (name not proven). ${left === 0 ? 'Its document is complete.' : `Its document still has ${counted(left, 'gap')}.`}\n`,
  }
}

function requireSentence(reason: string | undefined, { what }: ChangeDocument): string {
  if (reason !== undefined && isSentence(reason, what.title)) return reason
  throw new UserError(
    'bad-input',
    'Why it was made takes a sentence: one word, or the title again, says nothing to whoever reads it in a year.',
    'Add --reason "…".',
  )
}
