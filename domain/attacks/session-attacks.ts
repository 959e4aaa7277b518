import type { AttackMethod } from '@upkeep/contract/attack-atom'
import { isRecord } from '../is-record.ts'
import { hiddenCharacters } from '../poisoned-metadata/hidden-characters.ts'
import { textOf } from '../server-probes/text-of.ts'
import { parsed } from './answers.ts'
import { type Attacked, canaries, type Judged, missed, nothingToTry, notShown, prevented } from './attacked.ts'
import { findArgument, type ListedTool, plainArguments, toolsOf } from './tools.ts'

type With<Probe extends AttackMethod['probe']> = Extract<AttackMethod, { probe: Probe }>['with']
const callMs = 5_000

/** Many requests at once. */
export async function burst(server: Attacked, { requests }: With<'burst'>): Promise<Judged> {
  const replies = await Promise.all(Array.from({ length: requests }, () => server.rpc('tools/list', {}, 30_000)))
  const served = replies.filter(({ state }) => state === 'result').length
  if (served === 0) return notShown('none was served')
  return served === requests
    ? missed(`all ${requests} requests at once were served`)
    : prevented(`${requests - served} of ${requests} were refused`)
}

/** Cancels what was never asked, many times over, and asks whether it is still there. */
export async function cancelFlood(server: Attacked, { notifications }: With<'cancel-flood'>): Promise<Judged> {
  const before = await server.rpc('tools/list', {}, callMs)
  if (before.state !== 'result') return notShown('it did not answer before')
  await Promise.all(
    Array.from({ length: notifications }, (_, at) =>
      server.notify('notifications/cancelled', { requestId: 100_000 + at }),
    ),
  )
  const after = await server.rpc('tools/list', {}, callMs)
  return after.state === 'result' ? prevented('it answers as before') : missed('it does not answer any more')
}

/** Reads a resource by an address of a kind that the server does not offer. */
export async function resourceAddress(server: Attacked, { uri }: With<'resource-address'>): Promise<Judged> {
  const listed = await server.rpc('resources/list')
  if (listed.state !== 'result') return nothingToTry('it has no resources')
  const reply = await server.rpc('resources/read', { uri: uri.replace('{outside}', server.places.outside) })
  if (reply.state === 'failed') return notShown('it did not answer')
  return textOf(reply).includes(canaries.outside)
    ? missed('it read a file that is none of its resources')
    : prevented('it did not read the file')
}

/** Calls whatever needs no argument, and looks for a variable of the environment. */
export async function environment(server: Attacked): Promise<Judged> {
  const tools = await withoutArguments(server)
  if (tools === null || tools.length === 0) return nothingToTry('it has no tool that needs no argument')
  for (const tool of tools) {
    const reply = await server.rpc('tools/call', { name: tool.name, arguments: {} }, callMs)
    if (textOf(reply).includes(canaries.environment)) return missed(`${tool.name} gives out the environment`)
  }
  return prevented(`none of ${tools.length} tools that need no argument gives it out`)
}

/** Hands over a secret as an argument, and looks for it in the log. */
export async function secretInLog(server: Attacked, told: With<'secret-in-log'>): Promise<Judged> {
  const found = findArgument((await toolsOf(server)) ?? [], { tools: [], argument: told.argument })
  if (found === null) return nothingToTry('it has no tool that takes a text')
  const given = { ...plainArguments(found.tool), [found.argument]: `Bearer ${canaries.secret}` }
  await server.rpc('tools/call', { name: found.tool.name, arguments: given }, callMs)
  const { log } = await server.end()
  return log.includes(canaries.secret) ? missed('the secret is in its log') : prevented('its log has nothing of it')
}

/** Lists the tools, and again. */
export async function listing(server: Attacked, { times, sign }: With<'listing'>): Promise<Judged> {
  const texts: string[] = []
  for (let at = 0; at < times; at += 1) {
    const reply = await server.rpc('tools/list')
    if (reply.state !== 'result') return notShown('it does not list its tools')
    texts.push(JSON.stringify(reply.result.tools))
  }
  const [first = ''] = texts
  if (sign === 'changed')
    return texts.some((text) => text !== first)
      ? missed('what it offers changed between two listings')
      : prevented(`${times} listings are the same`)
  const hidden = stringsIn(parsed(first)).flatMap(hiddenCharacters)
  return hidden.length > 0
    ? missed('texts of its tools hold characters that nobody sees')
    : prevented('texts of its tools hold nothing hidden')
}

/** Looks for requests to the client that the client never said it would take. */
export async function uninvitedRequest(server: Attacked, { methods }: With<'uninvited-request'>): Promise<Judged> {
  const called = await callThose(server)
  const { said } = await server.end()
  const asked = said
    .map(parsed)
    .filter(isRecord)
    .find(({ method }) => typeof method === 'string' && methods.includes(method))
  return asked === undefined
    ? prevented(`${called} tools were called, and it asked for nothing`)
    : missed(`it asks for ${String(asked.method)}`)
}

/** Looks whether it connects to somewhere that no call named. */
export async function ownConnection(server: Attacked): Promise<Judged> {
  const called = await callThose(server)
  const { calledSink } = await server.end()
  if (calledSink === null) return nothingToTry('nothing listens here that it could connect to')
  return calledSink > 0
    ? missed('it connected to an address that no call named')
    : prevented(`${called} tools were called, and it connected to nothing`)
}

/** Calls each tool once, with plain values. */
async function callThose(server: Attacked): Promise<number> {
  const tools = ((await toolsOf(server)) ?? []).slice(0, 30)
  for (const tool of tools) await server.rpc('tools/call', { name: tool.name, arguments: plainArguments(tool) }, callMs)
  return tools.length
}

async function withoutArguments(server: Attacked): Promise<ListedTool[] | null> {
  const tools = await toolsOf(server)
  return tools === null || tools.length === 0
    ? null
    : tools.filter(({ required }) => required.length === 0).slice(0, 30)
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}
