import { type AnyDuty, type Cadence, type Profile, type UpkeepFile, UserError } from '@upkeep/contract'

/** A duty as this installation has it: whether it is adopted, how often it is due, with which parameters. */
export interface AdoptedDuty {
  duty: AnyDuty
  adopted: boolean
  cadence: Cadence
  params: Record<string, unknown>
}

/**
 * The installed duties under a profile and an `upkeep.yaml`: what the file says of a duty counts, else the profile.
 *
 * @throws UserError `config-invalid` for a duty that is not installed and for parameters that the duty does not take.
 */
export function adoption(duties: readonly AnyDuty[], profile: Profile, file: UpkeepFile): AdoptedDuty[] {
  for (const id of Object.keys(file.duties)) {
    if (duties.some((duty) => duty.id === id)) continue
    throw new UserError(
      'config-invalid',
      `upkeep.yaml names the duty "${id.slice(0, 80)}", which is not installed.`,
      'See upkeep duties for those that are.',
    )
  }
  return duties.map((duty) => {
    const said = Object.hasOwn(file.duties, duty.id) ? file.duties[duty.id] : undefined
    return {
      duty,
      adopted: said?.adopted ?? duty.adoptedBy.includes(profile),
      cadence: said?.cadence ?? duty.cadence,
      params: paramsOf(duty, said?.params ?? {}),
    }
  })
}

function paramsOf(duty: AnyDuty, given: Record<string, unknown>): Record<string, unknown> {
  const parsed = duty.params.strict().safeParse(given)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new UserError(
    'config-invalid',
    `upkeep.yaml: duties.${duty.id}.params${where === '' ? '' : `.${where}`} is not what the duty takes.`,
    `See docs/reference/duties.md for the parameters of ${duty.id}.`,
  )
}
