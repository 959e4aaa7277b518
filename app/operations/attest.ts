import { Attestation, Role } from '@upkeep/contract'
import { dayOf } from '@upkeep/domain/distance'
import { attest as makeAttestation } from '@upkeep/engine/people/attest'
import { plain } from '@upkeep/engine/report/paint'
import { z } from 'zod'
import { endOfDay } from './days.ts'
import { defineOperation } from './operation.ts'
import { keepAttestation } from './sign-attestation.ts'

/** A person's own statement, with an end. */
export const attest = defineOperation({
  id: 'attest',
  summary: 'state something in your own name, such as a training',
  effect: 'write',
  role: 'viewer',
  input: z.strictObject({
    scope: z.string().min(1).max(200).describe('What it is about, such as security-training-updates'),
    statement: z.string().min(1).max(2_000).describe('What you state'),
    until: z.string().describe('The last day it holds: 2027-06-30, or 365d'),
    role: Role.describe('In which of your roles'),
    evidence: z.array(z.string()).default([]).describe('What you looked at: ids of records'),
    limits: z.string().max(2_000).default('').describe('What it does not cover'),
  }),
  output: z.strictObject({ attestation: Attestation }),
  cli: {
    verb: 'attest',
    positionals: ['scope'],
    listed: 'rest',
    examples: [
      {
        command:
          'upkeep attest security-training-updates --as ada --role operator --until 365d --statement "took the course"',
        says: 'as a person that upkeep.yaml names',
      },
    ],
  },
  decides: () => true,
  async run(context, input) {
    const at = context.clock.now()
    const attestation = makeAttestation(context.people, {
      person: context.signer.person,
      role: input.role,
      statement: input.statement,
      scope: input.scope,
      evidence: input.evidence,
      limits: input.limits,
      validUntil: endOfDay(input.until, at),
      at,
    })
    await keepAttestation(context, attestation)
    return {
      output: { attestation },
      text: (style) =>
        `${plain(style, attestation.person)} states it until ${dayOf(attestation.validUntil)} (name not proven).\n`,
    }
  },
})
