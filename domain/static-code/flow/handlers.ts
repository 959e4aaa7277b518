import { accessPath } from './access-path.ts'
import type { GivenArgument, Machine } from './machine.ts'
import { type Closure, nothing, type Taint, tainted, type Value } from './value.ts'

const registers = new Set([
  'tool',
  'registerTool',
  'prompt',
  'registerPrompt',
  'resource',
  'registerResource',
  'registerAppTool',
])
const handles = ['handler', 'execute', 'run', 'callback', 'call']
const describes = ['inputSchema', 'parameters', 'schema', 'input_schema', 'argsSchema', 'args']

/** Finds the functions that a call makes handlers of tools, resources and prompts. */
export function registerHandlers(key: string, args: readonly GivenArgument[], machine: Machine): void {
  const last = args.at(-1)
  if (machine.language.id !== 'javascript' || last === undefined || last.value.closure === null) return
  if (key === 'setRequestHandler') registerRequest(args, last.value.closure, machine)
  if (!registers.has(key) || args.length < 2) return
  const tool = args[0]?.value.text ?? null
  const { line } = last.value.closure.code
  const first = fromOutside('arguments', line, schemaIn(args.slice(0, -1)))
  const second = key.toLowerCase().endsWith('resource') ? fromOutside('variables', line) : nothing
  machine.later(last.value.closure, [first, second], tool)
}

/** Requests that carry nothing of a caller's choosing that a server would act on. */
const withoutArguments = /List|Initialize|Ping|Subscribe|SetLevel|\/list$|^ping$/

function registerRequest(args: readonly GivenArgument[], closure: Closure, machine: Machine): void {
  const [schema] = args
  const name = schema === undefined ? '' : (schema.value.text ?? accessPath(schema.expression) ?? '')
  if (withoutArguments.test(name)) return
  machine.later(closure, [fromOutside('request', closure.code.line)], null)
}

/** An object with a name, a schema and a function is a tool, wherever it is registered. */
export function handlerOfRecord(fields: ReadonlyMap<string, Value>, machine: Machine): void {
  if (!fields.has('name') || !describes.some((key) => fields.has(key))) return
  const schema = describes.map((key) => fields.get(key)?.fields).find((found) => found !== undefined)
  for (const key of handles) {
    const closure = fields.get(key)?.closure
    if (!closure) continue
    const given = fromOutside('arguments', closure.code.line, schema ?? null, 'medium')
    machine.later(closure, [given], fields.get('name')?.text ?? null)
  }
}

const decorates = new Set(['tool', 'resource', 'prompt', 'call_tool', 'read_resource', 'get_prompt'])
const ownParameters = new Set(['self', 'cls', 'ctx', 'context'])
const plainTypes =
  /^(?:Annotated\[\s*)?(?:Optional\[\s*)?(?:int|float|bool|UUID|uuid\.UUID|date|datetime|Decimal|(?:typing\.)?Literal\[[^\]]{0,500}\])(?:\s*\|\s*None)?(?:\]|,|\s|$)/

/** A Python function that a decorator makes a handler: every parameter of a type that admits text is an argument. */
export function handlerOfDecorators(closure: Closure, machine: Machine): void {
  for (const decorator of closure.code.decorators) {
    const callee = decorator.is === 'call' ? decorator.callee : decorator
    const key = callee.is === 'member' ? callee.key : callee.is === 'name' ? callee.name : null
    if (key === null || !decorates.has(key)) continue
    const args = closure.code.parameters.map(({ target, type }) => {
      const name = target.to === 'name' ? target.name : ''
      const plain =
        ownParameters.has(name) || /Context\b/.test(type ?? '') || (key === 'tool' && plainTypes.test(type ?? ''))
      return plain ? nothing : fromOutside(name, closure.code.line)
    })
    // A method is given its object before the arguments.
    machine.later(closure, closure.self === null ? args : args.slice(1), closure.code.name)
    return
  }
}

const plainSchemas =
  /\.(?:number|boolean|enum|literal|nativeEnum|uuid|cuid2?|ulid|int|date|bigint|coerce\.number)\(\)|\.regex\(strict\)/

/** The fields that a schema holds to numbers, choices and strict patterns. */
export function plainFields(schema: ReadonlyMap<string, Value>): Map<string, Value> | null {
  const plain = [...schema].filter(([, value]) => plainSchemas.test(value.named ?? ''))
  return plain.length === 0 ? null : new Map(plain.map(([key]) => [key, nothing]))
}

/** What a caller chooses. Fields that the schema holds to numbers, choices and strict patterns are plain. */
function fromOutside(
  source: string,
  line: number,
  schema: ReadonlyMap<string, Value> | null = null,
  confidence: Taint['confidence'] = 'high',
): Value {
  const taint: Taint = { source, steps: [{ line, what: source }], confidence, safe: new Set() }
  return { ...tainted(taint), fields: schema === null ? null : plainFields(schema) }
}

/** The fields of the schema among the arguments of a registration. */
function schemaIn(args: readonly GivenArgument[]): ReadonlyMap<string, Value> | null {
  const found = args
    .map((arg) => arg.value.fields)
    .filter((fields) => fields !== null)
    .at(-1)
  if (found === undefined) return null
  const inner = describes.map((key) => found.get(key)?.fields).find((fields) => fields !== undefined && fields !== null)
  return inner ?? found
}
