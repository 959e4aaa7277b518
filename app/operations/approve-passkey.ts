import { UserError } from '@upkeep/contract'
import { enrolmentStatement } from '@upkeep/domain/changes/signed-statements'
import type { Context } from './context.ts'
import { noOneToAsk, refuseAgents } from './decide.ts'
import { keepKey, ownKeys } from './enrol-key.ts'
import { codeOf, dropOffer, offerOf } from './passkey-offers.ts'
import { personalKey } from './personal-key.ts'

/** A key in force signs for the passkey that its owner made in the browser. */
export async function approvePasskey(context: Context, keyFile: string | undefined) {
  const { person, signer, stateDir, clock } = context
  refuseAgents(context)
  const own = await ownKeys(context)
  const offer = offerOf(stateDir, signer.person, clock.now())
  if (offer === null || own.some(({ at }) => at > offer.at))
    throw new UserError(
      'not-found',
      'No passkey of yours waits: one that was made in the console waits for an hour.',
      'Make one in the console: Settings, Your keys.',
    )
  if (person === null)
    throw new UserError('needs-a-person', `A key of yours has to sign for it, and ${noOneToAsk}.`, atTerminal)
  const key = personalKey(person, keyFile, own)
  if (key === null || !own.some((one) => one.key === key.line))
    throw new UserError('not-allowed', 'It takes the signature of a key of yours that is in force.', atTerminal)
  const code = codeOf(offer.key)
  person.show(
    `\nA passkey was made in a browser, to decide in the name of ${signer.person}.\nIts code is ${code}: the console shows the same, or it is not yours.\n`,
  )
  if ((await person.ask(`Is ${code} what the console shows? [yes/no] `))?.toLowerCase() !== 'yes')
    throw new UserError('needs-a-person', 'Nothing was decided: only "yes" is a yes.', 'Ask again when it is clear.')
  const vouched = await key.sign(enrolmentStatement(offer))
  await keepKey(context, { ...offer, vouched, presence: 'passkey' })
  await dropOffer(stateDir, signer.person, clock.now())
  return {
    output: { change: null, policies: null },
    text: () => `The passkey ${code} is remembered as that of ${signer.person}, beside the key that signed for it.\n`,
  }
}

const atTerminal = 'At a terminal: upkeep approve passkey --key <file>'
