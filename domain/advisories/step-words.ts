import type { AboutPackage } from './known-advisories.ts'
import type { KnownPart } from './match-parts.ts'
import { type NextVersion, whyNotLatest } from './next-version.ts'

/** What to do to take a step, in one line. */
export function actionOfStep(part: KnownPart, { choice, limits }: NextVersion, proposable: boolean): string {
  if (choice.step === null) return ''
  const { version } = choice.step
  const ending = limits.length === 0 ? '' : ` Mind: ${limits.join('; ')}.`
  if (part.builds !== undefined)
    return `Use an image that was built anew with ${part.name} ${version} or later, from a newer base image or with its packages upgraded, and pin its digest.${ending}`
  if (proposable) return `Set it to ${version}${whyNotLatest(choice.step)}.${ending}`
  if (part.direct)
    return `Install ${version} in ${part.copy ?? 'the place it is started from'}${whyNotLatest(choice.step)}.${ending}`
  if (part.raiseIn !== undefined && part.bundled === undefined)
    return `Raise ${part.name} to ${version} or later in ${part.raiseIn}${whyNotLatest(choice.step)}.${ending}`
  const how = part.bundled === undefined ? 'brings along' : 'was built with'
  return `Update the server to a version that ${how} ${part.name} ${version} or later.${ending}`
}

const meanwhile = ' Until then, disable its entry.'

/** No version within reach closes it: that is said, never passed over. */
export function outOfReach(advisory: AboutPackage, part: KnownPart, { choice, notAsked }: NextVersion): string {
  if (part.builds !== undefined && !choice.open.some((one) => one.id === advisory.id && one.fixedIn.length > 0))
    return `${part.ecosystem} has no fixed ${part.name} yet: use an image without it, or accept until a day.${meanwhile}`
  const { fixedIn, obtainable } = choice.open.find((one) => one.id === advisory.id) ?? { fixedIn: [], obtainable: [] }
  if (fixedIn.length === 0) {
    const where = notAsked === null ? 'and your registry has none that is clear' : `and ${notAsked}`
    return `No fixed version is named, ${where}: mitigate or accept.${meanwhile}`
  }
  const fixes = fixedIn.join(', ')
  const blocked = choice.candidates.find((one) => one.blocked !== null && one.closes.includes(advisory.id))
  if (blocked?.passedOver === true)
    return `${blocked.version} would close it and is ${blocked.blocked}: accept until that day, or take the decision back with --withdraw.${meanwhile}`
  if (blocked !== undefined)
    return `Do not install ${blocked.version}, which would close it: ${blocked.blocked}. Ask whoever runs your registry.${meanwhile}`
  if (notAsked === null && obtainable.length === 0)
    return `Fixed in ${fixes}, not in your registry: mitigate or accept.${meanwhile}`
  return `Fixed in ${fixes}, but no step from ${part.version} leaves fewer advisories: mitigate or accept.${meanwhile}`
}
