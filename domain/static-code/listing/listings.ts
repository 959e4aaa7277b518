import type { Argument, Code, Entry, Expression, SourceLanguage } from '../syntax.ts'
import type { SourceNode } from './source-nodes.ts'

/** One thing that a server lists, and the parts of the source that say what it lists it with. */
export interface Listing {
  of: 'tool' | 'prompt' | 'resource' | 'server'
  line: number
  name: Expression | null
  parts: readonly { way: string; expression: Expression }[]
}

type Call = Extract<Expression, { is: 'call' }>
type Part = Listing['parts'][number]

/** What a part of the source makes a server list: a registration, a record or object of the protocol's form, a decorated function. */
export function listingsIn(node: SourceNode, language: SourceLanguage): Listing[] {
  if ('decorators' in node) return language === 'python' ? ofDecorators(node) : []
  if (!('is' in node)) return []
  if (node.is === 'record') return ofRecord(node.entries, node.line)
  if (node.is !== 'call') return []
  return language === 'python' ? ofPythonCall(node) : ofRegistration(node)
}

const registers = /^(?:register(?:App)?)?(tool|prompt|resource)$/i

/** `server.tool(name, description, schema, handler)`, `server.registerTool(name, { title, description }, handler)` and their like. */
function ofRegistration({ callee, args, line }: Call): Listing[] {
  const key = keyOf(callee)
  if (key !== null && /Server$|^FastMCP$/.test(key)) return instructionsOf(args, line)
  const of = callee.is === 'member' ? kindOf(registers.exec(key ?? '')?.[1]) : null
  const [first] = args
  // The last is what is run.
  const rest = args.slice(1, -1)
  if (of === null || args.length < 2 || first === undefined) return []
  const name = { way: 'name', expression: first.value }
  const others = rest.flatMap(({ value }, index) => partsOf(value, { of, index, alone: rest.length === 1 }))
  return [{ of, line, name: first.value, parts: [name, ...others] }]
}

/** An argument of a registration: a record of everything, or by its place. What only looks like a description is told apart by what it is. */
function partsOf(
  value: Expression,
  { of, index, alone }: { of: Listing['of']; index: number; alone: boolean },
): Part[] {
  if (value.is === 'record') return value.entries.flatMap(partOfEntry)
  if (value.is === 'function') return []
  if (index > 0) return [{ way: 'inputSchema', expression: value }]
  if (of === 'resource') return [{ way: 'uri', expression: value }]
  return [{ way: alone ? 'description or schema' : 'description', expression: value }]
}

function partOfEntry({ key, value }: Entry): Part[] {
  return value.is === 'function' ? [] : [{ way: key?.slice(0, 40) ?? 'more', expression: value }]
}

const schemas = new Set(['inputSchema', 'parameters', 'input_schema', 'argsSchema'])

/** A record with a name, a description and a schema is how a list of tools is answered; one with a `uri` is a resource. */
function ofRecord(entries: readonly Entry[], line: number): Listing[] {
  const keys = new Set(entries.map((entry) => entry.key))
  if (!keys.has('name') || !keys.has('description') || keys.has('type') || isShapeOf(entries)) return []
  const isTool = entries.some(({ key }) => key !== null && schemas.has(key))
  const isResource = keys.has('uri') || keys.has('uriTemplate')
  const isPrompt = keys.has('arguments') && !isTool
  if (!isTool && !isResource && !isPrompt) return []
  const of = isTool ? 'tool' : isResource ? 'resource' : 'prompt'
  const name = entries.find((entry) => entry.key === 'name')?.value ?? null
  return [{ of, line, name, parts: entries.flatMap(partOfEntry) }]
}

/** `{ name: z.string(), description: z.string() }` is the shape of a listing, not one. */
function isShapeOf(entries: readonly Entry[]): boolean {
  return entries.every(({ key, value }) => (key !== 'name' && key !== 'description') || value.is === 'call')
}

function instructionsOf(args: readonly Argument[], line: number): Listing[] {
  const fields = args.flatMap(({ value }) => (value.is === 'record' ? value.entries : []))
  const named = args.map(({ name, value }) => ({ key: name, value }))
  const found = [...fields, ...named].find(({ key }) => key === 'instructions')
  if (found === undefined) return []
  return [{ of: 'server', line, name: null, parts: [{ way: 'instructions', expression: found.value }] }]
}

/** `types.Tool(name=…, description=…)`, `mcp.add_tool(f, description=…)`, `FastMCP('x', instructions=…)`. */
function ofPythonCall({ callee, args, line }: Call): Listing[] {
  const key = keyOf(callee) ?? ''
  if (/^(?:FastMCP|MCPServer|Server)$/.test(key)) return instructionsOf(args, line)
  const of = kindOf(/^(?:add_)?(tool|prompt|resource)(?:template)?$/i.exec(key)?.[1])
  const said = args.filter(({ name }) => name === 'description' || name === 'name')
  if (of === null || said.length === 0 || (callee.is === 'member' && /^[a-z]+$/.test(key))) return []
  return [{ of, line, name: namedIn(args), parts: namedParts(args) }]
}

function namedIn(args: readonly Argument[]): Expression | null {
  return args.find(({ name }) => name === 'name')?.value ?? null
}

function namedParts(args: readonly Argument[]): Part[] {
  return args.flatMap(({ name, value }) =>
    name === null || value.is === 'function' ? [] : [{ way: name, expression: value }],
  )
}

/** A function that a decorator makes a tool, prompt or resource is listed with its docstring, unless the decorator says otherwise. */
function ofDecorators(code: Code): Listing[] {
  for (const decorator of code.decorators) {
    const call = decorator.is === 'call' ? decorator : null
    const of = kindOf(/^(tool|prompt|resource)$/.exec(keyOf(call?.callee ?? decorator) ?? '')?.[1])
    if (of === null) continue
    const args = call?.args ?? []
    const own: Expression = { is: 'literal', value: code.name, line: code.line }
    const given = namedParts(args)
    const docstring = given.some(({ way }) => way === 'description') ? [] : docstringOf(code)
    const name = namedIn(args) ?? own
    const parts = [{ way: 'name', expression: name }, ...given.filter(({ way }) => way !== 'name'), ...docstring]
    return [{ of, line: code.line, name, parts: [...parts, ...parametersOf(code)] }]
  }
  return []
}

function docstringOf({ body }: Code): Part[] {
  const [first] = body
  const isText = first?.does === 'expression' && (first.value.is === 'literal' || first.value.is === 'join')
  return isText ? [{ way: 'description', expression: first.value }] : []
}

/** `x: Annotated[str, Field(description='…')]`, which is kept as written, and `x: str = Field(description='…')`. */
function parametersOf({ parameters, line }: Code): Part[] {
  return parameters.flatMap(({ target, type, otherwise }) => {
    const way = `inputSchema.${target.to === 'name' ? target.name.slice(0, 40) : ''}`
    const words = type !== null && /['"]/.test(type) ? [{ way, expression: literal(type, line) }] : []
    return otherwise === null ? words : [...words, { way, expression: otherwise }]
  })
}

function literal(value: string, line: number): Expression {
  return { is: 'literal', value, line }
}

function keyOf(callee: Expression): string | null {
  return callee.is === 'member' ? callee.key : callee.is === 'name' ? callee.name : null
}

function kindOf(word: string | undefined): 'tool' | 'prompt' | 'resource' | null {
  const kind = word?.toLowerCase()
  return kind === 'tool' || kind === 'prompt' || kind === 'resource' ? kind : null
}
