import { accessPath } from './access-path.ts'
import type { Transform } from './language.ts'
import type { GivenArgument, Machine } from './machine.ts'
import { isAllButFew } from './strict-pattern.ts'
import { everySafety, madeSafe, mixedTaint, nothing, type Safety, stepped, taintIn, type Value } from './value.ts'

/** What a known function of a library makes of its arguments; null for a function that is not known. */
export function transformed(
  named: string | null,
  args: readonly GivenArgument[],
  line: number,
  { machine, name }: { machine: Machine; name: string },
): Value | null {
  if (named === null) return null
  const passed = passedOn(named, args)
  if (passed !== null) return passed
  const known = machine.language.transforms.find((transform) => transform.name.test(named))
  return known === undefined ? null : apply(known.gives, named, args, { line, name })
}

/** Modules by name, and what only wraps them. */
function passedOn(named: string, args: readonly GivenArgument[]): Value | null {
  const [first] = args
  if (first === undefined) return null
  const { text } = first.value
  if (named === 'require' || named === 'import' || named === 'importlib.import_module')
    return text === null ? nothing : { ...nothing, named: text.replace(/^node:/, '').slice(0, 200) }
  if (
    /^(?:util\.promisify|__importStar|__importDefault|__toESM|_?interopRequire(?:Default|Wildcard)|__toCommonJS)$/.test(
      named,
    )
  )
    return first.value
  if (named === 're.compile') return { ...nothing, text, holds: 'pattern' }
  if (named !== 're.sub' || args[2] === undefined) return null
  return isAllButFew(text ?? '') ? madeSafe(args[2].value, everySafety) : args[2].value
}

function apply(
  gives: Transform['gives'],
  named: string,
  args: readonly GivenArgument[],
  { line, name }: { line: number; name: string },
): Value {
  if (gives === 'plain') return nothing
  const taint = stepped(mixedTaint(args.map((arg) => taintIn(arg.value))), line, `${name}()`)
  const value: Value = { ...nothing, taint, named: taint === null ? `${named}()` : null, about: aboutOf(gives, args) }
  switch (gives) {
    case 'resolved':
      return { ...value, holds: 'path', isResolved: true }
    case 'joined-path':
      return madeSafe(
        { ...value, holds: 'path', isResolved: true, isFolder: endsAsFolder(args) },
        joinedSafety(taint?.safe, args),
      )
    case 'path':
      return { ...value, holds: 'path', isFolder: endsAsFolder(args) }
    case 'relative':
      return { ...value, holds: 'relative' }
    case 'address':
      return { ...value, holds: 'url' }
    case 'command-safe':
      return madeSafe(value, ['command'])
    case 'url-safe':
      return madeSafe(value, ['url'])
    case 'name-only':
      return madeSafe(value, ['path', 'dots'])
    default:
      return {
        ...value,
        holds: args[0]?.value.holds ?? null,
        fields: taint === null ? null : (args[0]?.value.fields ?? null),
      }
  }
}

/** What a test on the result speaks of: the one argument it was made of, or the path that was put in relation. */
function aboutOf(gives: Transform['gives'], args: readonly GivenArgument[]): string[] {
  if (gives !== 'relative' && gives !== 'address' && !(gives === 'resolved' && args.length === 1)) return []
  return args.flatMap((arg) => {
    const items = arg.expression.is === 'list' ? arg.expression.items : [arg.expression]
    const paths = items.flatMap((item) => accessPath(item) ?? [])
    return taintIn(arg.value) === null ? [] : [...paths, ...arg.value.about]
  })
}

function endsAsFolder(args: readonly GivenArgument[]): boolean {
  return args.length > 1 && args.at(-1)?.value.isFolder === true
}

/** A path put together from a fixed folder and a text without `..` stays below that folder. */
function joinedSafety(safe: ReadonlySet<Safety> | undefined, args: readonly GivenArgument[]): Safety[] {
  const [first] = args
  const fixed = first !== undefined && taintIn(first.value) === null && args.length > 1
  return fixed && safe?.has('dots') === true ? ['path'] : []
}
