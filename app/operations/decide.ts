import { type Severity, type Signer, UserError } from '@upkeep/contract'
import { isAgent } from '@upkeep/domain/changes/approval-rule'
import { keysInForce } from '@upkeep/engine/change/person-keys'
import { severityRank } from '@upkeep/engine/report/items'
import type { Context } from './context.ts'
import { enrolIfNew } from './enrol-key.ts'
import { personalKey } from './personal-key.ts'

/** A decision that a person is asked to take, and sign. */
export interface Decision {
  /** Why the word of whoever can write the state is not enough; null where it is. */
  heavy: string | null
  /** What is decided, for reading, and as a question. */
  shown: string
  question: string
  /** What the signature is over. */
  statement(person: string): string
  key: string | undefined
}

/**
 * Who decides, and what shows that they were there. What weighs little is taken from whoever can write the state, and says that presence was
 * not proven; what weighs more takes a person at a terminal, and a key that they unlock or touch.
 *
 * @throws UserError `needs-a-person` where there is none, or they did not say yes.
 */
export async function decidedBy(context: Context, decision: Decision): Promise<Signer> {
  const { person, signer } = context
  refuseAgents(context)
  if (decision.heavy === null && decision.key === undefined) return signer
  if (person === null) throw needsPerson(decision, noOneToAsk)
  const enrolled = keysInForce(await (await context.store()).personKeys.list()).get(signer.person) ?? []
  const key = personalKey(person, decision.key, enrolled)
  if (key === null) throw needsPerson(decision, 'no key of yours is known')
  person.show(`\n${decision.shown}\n\nYou are ${signer.person}; you sign with your key.\n`)
  if ((await person.ask(`${decision.question} [yes/no] `))?.toLowerCase() !== 'yes')
    throw new UserError('needs-a-person', 'Nothing was decided: only "yes" is a yes.', 'Ask again when it is clear.')
  await enrolIfNew(context, key)
  return { person: signer.person, presence: key.presence, signature: await key.sign(decision.statement(signer.person)) }
}

/** An agent asks; it approves, accepts, consents to and signs nothing, whatever roles it was given. */
export function refuseAgents({ people, signer }: Pick<Context, 'people' | 'signer'>): void {
  if (!isAgent(people, signer.person)) return
  throw new UserError(
    'not-allowed',
    `"${signer.person}" is an agent by upkeep.yaml, and agents decide nothing.`,
    'Let a person decide it, in their own name.',
  )
}

/** Why nobody can be asked at a door. */
export const noOneToAsk = 'there is neither a terminal here nor a passkey of theirs to ask one'

function needsPerson({ heavy }: Decision, why: string): UserError {
  return new UserError(
    'needs-a-person',
    `This takes proof that a person was there${heavy === null ? '' : ` (${heavy})`}, and ${why}.`,
    'At a terminal, sign with an SSH key that has a passphrase, or with one in a security key: --key <file>. In the console, with a passkey: Settings, Your keys.',
  )
}

/** Why a decision about findings weighs: the default is that what is high or critical takes proof. */
export function weightOf(severities: readonly Severity[], what: string): string | null {
  const worst = severities.toSorted((a, b) => severityRank(a) - severityRank(b))[0]
  return worst === 'critical' || worst === 'high' ? `${what} of severity ${worst}` : null
}

/** What a signed record says of its signer. */
export function provenWords({ presence }: Signer): string {
  if (presence === 'passkey') return 'signed with a passkey'
  return presence === 'not-proven' ? 'presence not proven' : 'signed with a key of theirs'
}
