import type { ConfinementProfile } from '@upkeep/contract/confinement'

const most = 8

/** What a profile leaves a server, and what it was drawn from, in plain words. */
export function profileWords({ places, network, variables, learned, server }: ConfinementProfile): string[] {
  const of = (access: 'read' | 'write') => places.filter((one) => one.access === access).map(({ path }) => path)
  return [
    `${server} sees ${listOf([...of('read').map((path) => `${path} (to read)`), ...of('write').map((path) => `${path} (to read and write)`)], 'no file of yours')}; besides that its own program and the system's, to read`,
    `network: ${network === 'none' ? 'none, and no address of this machine either' : "this machine's own, whole"}`,
    `variables: ${listOf(variables, 'none')}; of all others it sees nothing`,
    learnedWords(learned),
    ...(learned.lookedFor.length === 0 ? [] : [`it looked for what is not given: ${listOf(learned.lookedFor, '')}`]),
    ...(learned.ran.length === 0 ? [] : [`it started ${listOf(learned.ran, '')}`]),
  ]
}

function learnedWords({ calls, listed, called, watched }: ConfinementProfile['learned']): string {
  const never = (listed ?? []).filter((tool) => !called.includes(tool))
  const seen =
    calls === 0
      ? 'no golden call is recorded, so that only its start was seen'
      : `seen: ${calls === 1 ? '1 golden call' : `${calls} golden calls`} of ${called.length} of ${listed?.length ?? '?'} tools`
  const open = never.length === 0 ? '' : `; never called: ${listOf(never, '')}`
  return `${seen}${open}${watched ? '' : '; its system calls could not be watched: only its entry says what it needs'}`
}

/** What the walls cannot hold, said before anybody says yes. */
export function profileLimits({ network, learned, places, words, variables }: ConfinementProfile): string[] {
  const never = (learned.listed ?? []).filter((tool) => !learned.called.includes(tool)).length
  return [
    'it starts these bytes without its launcher: nothing is fetched, and another version takes a new profile',
    ...(network === 'open' ? ['the network can be given or taken whole, and not for single hosts'] : []),
    ...(never > 0 ? [`what ${never} tools need that were never called is not known: they may fail`] : []),
    ...(places.some(({ access }) => access === 'read')
      ? ['what it only reads it cannot write: tools that write fail there']
      : []),
    ...(variables.length > 0
      ? [
          'values of variables are not looked at: a file that one of them names is given only where you say so (--read, --write)',
        ]
      : []),
    ...(words.includes(null)
      ? ['arguments that are hidden or filled in by the client are handed on as they come']
      : []),
    'time, memory and processor are not bounded while a client uses it; programs of the system can be started inside',
  ]
}

function listOf(texts: readonly string[], none: string): string {
  if (texts.length === 0) return none
  const shown = texts.slice(0, most).join(', ')
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown
}
