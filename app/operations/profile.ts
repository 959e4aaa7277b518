import { Profile, UserError } from '@upkeep/contract'
import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { readStateSettings, writeStateSettings } from './state-settings.ts'

/** How many duties this installation adopts. */
export const profile = defineOperation({
  id: 'profile',
  summary: 'show or set the profile: solo, team or enterprise',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({ profile: Profile.optional().describe('The profile to set') }),
  output: z.strictObject({
    profile: Profile,
    from: z.enum(['upkeep.yaml', 'settings', 'default']),
    adopted: z.array(z.string()),
    notAdopted: z.array(z.string()),
  }),
  cli: {
    verb: 'profile',
    positionals: ['profile'],
    listed: 'rest',
    examples: [
      { command: 'upkeep profile', says: 'which one it is' },
      { command: 'upkeep profile team', says: 'adopt what a team needs' },
    ],
  },
  async run(context, { profile: wanted }) {
    if (wanted !== undefined) {
      refuseWhereFileDecides(context.profileFrom)
      await writeStateSettings(context.stateDir, { ...readStateSettings(context.stateDir), profile: wanted })
    }
    const now = wanted ?? context.profile
    const isAdopted = (duty: (typeof context.duties)[number]) =>
      wanted === undefined ? duty.adopted : duty.adoptedBy.includes(wanted)
    const adopted = context.duties.filter(isAdopted).map((duty) => duty.id)
    const notAdopted = context.duties.filter((duty) => !isAdopted(duty)).map((duty) => duty.id)
    const from = wanted === undefined ? context.profileFrom : 'settings'
    return {
      output: { profile: now, from, adopted, notAdopted },
      text: () =>
        `Profile ${now} (${from}): ${adopted.length} of ${context.duties.length} duties adopted.\n${adopted.map((id) => `  ${id}\n`).join('')}`,
    }
  },
})

function refuseWhereFileDecides(from: string): void {
  if (from !== 'upkeep.yaml') return
  throw new UserError('bad-input', 'upkeep.yaml sets the profile, and counts.', 'Change "profile:" in that file.')
}
