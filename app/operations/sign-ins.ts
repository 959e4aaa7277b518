import { ago } from '@upkeep/domain/distance'
import { plain } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { linesIn } from '../line-file.ts'
import { type SignInOutcome, SignInRecord, signInFile } from '../sign-in-record.ts'
import { defineOperation } from './operation.ts'

/** Who got in over HTTP, who did not, and who left: as it was recorded, as long as it is kept. */
export const signIns = defineOperation({
  id: 'sign-ins',
  summary: 'who signed in to the console, who was turned away and why, and who left',
  effect: 'read',
  role: 'auditor',
  unkept: true,
  pages: 'signIns',
  input: z.strictObject({
    person: z.string().min(1).max(200).optional().meta({ description: 'Only those of this person', valueName: 'id' }),
    failed: z.boolean().default(false).describe('Only those that came to nothing'),
  }),
  output: z.strictObject({ signIns: z.array(SignInRecord).describe('The newest first') }),
  cli: {
    verb: 'sign-ins',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep sign-ins', says: 'the newest first, for as long as they are kept' },
      { command: 'upkeep sign-ins --failed', says: 'who was turned away, and why' },
    ],
  },
  async run(context, { person, failed }) {
    const now = context.clock.now()
    const all = linesIn(signInFile(context.stateDir)).flatMap((line) => SignInRecord.safeParse(line).data ?? [])
    const found = all.filter((one) => (person === undefined || one.person === person) && (!failed || isFailure(one)))
    return {
      output: { signIns: found },
      text: (style) =>
        found.length === 0
          ? 'Nobody signed in.\n'
          : `${layRows(
              found.map((one) => ({
                label: isFailure(one) ? 'refused' : one.outcome !== 'signed-in' ? 'left' : 'in',
                tone: isFailure(one) ? ('red' as const) : ('dim' as const),
                name: plain(style, one.person ?? one.subject ?? 'nobody'),
                lines: [`${words[one.outcome]}; ${byWords(one)}, from ${plain(style, one.from)}, ${ago(one.at, now)}`],
                command: null,
              })),
              style,
            ).join('\n')}\n`,
    }
  },
})

function isFailure({ outcome }: Pick<SignInRecord, 'outcome'>): boolean {
  return !['signed-in', 'signed-out', 'signed-out-there'].includes(outcome)
}

function byWords({ how, provider }: SignInRecord): string {
  return how === 'link'
    ? 'by the link of the machine'
    : `by ${provider === null ? 'the provider' : new URL(provider).host}`
}

const words: Readonly<Record<SignInOutcome, string>> = {
  'signed-in': 'signed in',
  'signed-out': 'signed out',
  'signed-out-there': 'signed out at the provider, and so here',
  'link-wrong': 'the link opened nothing',
  'unknown-person': 'upkeep.yaml names nobody so',
  'is-a-program': 'upkeep.yaml calls it a program',
  'not-begun-here': 'the sign-in was not begun in that browser, or was over',
  'refused-by-provider': 'the provider let nobody in, or they turned back',
  'not-believed': 'what the provider sent did not fit',
  'provider-down': 'the provider did not answer',
  'too-many': 'too many came to nothing before',
}
