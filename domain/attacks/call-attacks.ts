import type { AttackMethod, Sign } from '@upkeep/contract/attack-atom'
import type { ServerReply } from '@upkeep/contract/server-probe'
import { isToolError, textOf } from '../server-probes/text-of.ts'
import { type Attacked, canaries, type Judged, missed, nothingToTry, notShown, prevented } from './attacked.ts'
import { findArgument, type ListedTool, plainArguments, toolsOf } from './tools.ts'

type With<Probe extends AttackMethod['probe']> = Extract<AttackMethod, { probe: Probe }>['with']
const patienceMs = 20_000

/** Calls a tool with one argument that it must not take, or must not act on. */
export async function toolArgument(server: Attacked, told: With<'tool-argument'>): Promise<Judged> {
  const found = findArgument((await toolsOf(server)) ?? [], told)
  if (found === null) return nothingToTry('it has no tool that takes such an argument')
  const { tool, argument } = found
  const call = (value: unknown) =>
    server.rpc(
      'tools/call',
      { name: tool.name, arguments: { ...plainArguments(tool), [argument]: filled(value, server) } },
      patienceMs,
    )
  if (told.plain !== undefined) {
    const reply = await call(told.plain.value)
    if (!isServed(reply) || !textOf(reply).includes(told.plain.contains))
      return nothingToTry(`${tool.name} does not do what it would have to do for this`)
  }
  const reply = await call(told.value)
  if (told.sign.by === 'calls-sink') return calledSink(server, tool.name)
  if (told.sign.by === 'contains' && told.plain === undefined && !isServed(reply))
    return notShown(`${tool.name} failed, and whether because of this is not known`)
  return judge(reply, told.sign, tool.name)
}

async function calledSink(server: Attacked, tool: string): Promise<Judged> {
  const { calledSink: calls } = await server.end()
  if (calls === null) return nothingToTry('nothing listens here that it could call')
  return calls > 0 ? missed(`${tool} called an address inside`) : prevented(`${tool} called nothing`)
}

function isServed(reply: ServerReply): boolean {
  return reply.state === 'result' && !isToolError(reply)
}

function judge(reply: ServerReply, sign: Exclude<Sign, { by: 'calls-sink' }>, tool: string): Judged {
  if (sign.by === 'slower')
    return reply.milliseconds > sign.milliseconds
      ? missed(`${tool} took ${reply.milliseconds} ms`)
      : prevented(`${tool} was ended or refused it`)
  if (reply.state === 'failed') return notShown(`${tool} did not answer`)
  const text = textOf(reply)
  const isError = isToolError(reply) || reply.state === 'error'
  if (sign.by === 'contains')
    return text.includes(sign.text) ? missed(`${tool} gave out what it must not`) : prevented(`${tool} did not`)
  if (sign.by === 'served') return isError ? prevented(`${tool} refused it`) : missed(`${tool} took it`)
  if (sign.by === 'longer')
    return text.length > sign.characters
      ? missed(`${tool} answered with ${text.length} characters`)
      : prevented(`${tool} answered within bounds`)
  return judgeError(text, isError, tool)
}

const innerWorkings = /\n\s+at .+:\d+|\/node_modules\/|\/srv\/\d|File ".+", line \d+/

function judgeError(text: string, isError: boolean, tool: string): Judged {
  if (!isError) return nothingToTry(`${tool} has no error to say`)
  return innerWorkings.test(text)
    ? missed(`the error of ${tool} tells of its inner workings`)
    : prevented(`the error of ${tool} tells nothing`)
}

/** Tells a tool to write where it may not. */
export async function writeOutside(server: Attacked, told: With<'write-outside'>): Promise<Judged> {
  const found = findArgument((await toolsOf(server)) ?? [], told)
  if (found === null) return nothingToTry('it has no tool that writes')
  const { tool, argument } = found
  const write = (path: string) =>
    server.rpc(
      'tools/call',
      { name: tool.name, arguments: { ...plainArguments(tool), content: 'upkeep', [argument]: path } },
      patienceMs,
    )
  if (!isServed(await write(`${server.places.root}/written.txt`)))
    return nothingToTry(`${tool.name} does not write in its folder`)
  await write(server.places.written)
  const { written } = await server.end()
  if (written === null) return notShown('nobody could look whether the file is there')
  return written ? missed(`${tool.name} wrote outside its folder`) : prevented(`${tool.name} wrote nothing outside`)
}

/** Calls what is not offered. */
export async function unlistedTool(server: Attacked, { names }: With<'unlisted-tool'>): Promise<Judged> {
  const listed = (await toolsOf(server)) ?? []
  for (const name of names.filter((one) => !listed.some((tool) => tool.name === one))) {
    const reply = await server.rpc('tools/call', { name, arguments: {} })
    if (reply.state === 'failed') return notShown('it did not answer')
    if (reply.state === 'result' && !isToolError(reply)) return missed(`"${name}" is not offered and was served`)
  }
  return prevented('what is not offered is refused')
}

/** An argument far deeper than any of its own. */
export async function nestedArgument(server: Attacked, { depth }: With<'nested-argument'>): Promise<Judged> {
  const tool = await firstServed(server)
  if (tool === null) return nothingToTry('it has no tool that can be called with plain values')
  let deep: unknown = 'upkeep'
  for (let level = 0; level < depth; level += 1) deep = { in: deep }
  const reply = await server.rpc('tools/call', {
    name: tool.name,
    arguments: { ...plainArguments(tool), upkeepDeep: deep },
  })
  if (reply.state === 'failed') return missed('it did not answer any more')
  return isServed(reply) ? missed(`${depth} levels were taken`) : prevented('refused')
}

async function firstServed(server: Attacked): Promise<ListedTool | null> {
  for (const tool of ((await toolsOf(server)) ?? []).slice(0, 30)) {
    const reply = await server.rpc('tools/call', { name: tool.name, arguments: plainArguments(tool) }, 5_000)
    if (isServed(reply)) return tool
  }
  return null
}

/** Sets a member of every object, and looks whether an answer to something else has it. */
export async function pollutedPrototype(server: Attacked, { member }: With<'polluted-prototype'>): Promise<Judged> {
  const tools = (await toolsOf(server)) ?? []
  const [tool] = tools
  if (tool === undefined) return nothingToTry('it has no tools')
  const text = `{"__proto__":{"${member}":"${canaries.inside}"}}`
  for (const one of tools.slice(0, 20))
    await server.rpc(
      'tools/call',
      { name: one.name, arguments: { ...plainArguments(one), ...JSON.parse(`{"upkeep":${text}}`) } },
      5_000,
    )
  const reply = await server.rpc('tools/call', { name: 'upkeep-not-a-tool', arguments: {} })
  if (reply.state === 'failed') return notShown('it did not answer')
  return JSON.stringify(reply).includes(member)
    ? missed('a member of every object could be set')
    : prevented('nothing of it is to be seen')
}

/** Values name places by what they are: the text is filled in for the server at hand. */
function filled(value: unknown, { places }: Attacked): unknown {
  if (typeof value === 'string')
    return value.replace(/\{(\w+)\}/g, (whole, name: string) => placeNamed(places, name) ?? whole)
  return value
}

function placeNamed(places: Attacked['places'], name: string): string | undefined {
  return Object.entries(places).find(([one]) => one === name)?.[1]
}
