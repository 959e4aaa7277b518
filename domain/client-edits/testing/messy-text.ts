import type { TextFormat } from '../../client-formats/parse-text.ts'
import type { PlainValue } from '../text-edit.ts'

/** A number below a limit, drawn by the test. */
export type Dice = (below: number) => number

/** A value as somebody might have written it: with comments, odd white space, mixed line endings and quotes of all kinds. */
export function messyText(value: PlainValue, format: TextFormat, dice: Dice): string {
  if (format === 'toml') return messyToml(value, dice)
  if (format === 'yaml') return messyYaml(value, dice)
  return messyJson(value, dice, format === 'jsonc')
}

const blanks = [' ', '', '\n', '\r\n', '\n  ', '\r\n\t', ' //#.\n  ', '\n  //#.\n', ' /*#.*/ ', '\n /*#.*/ \r\n  ']

/** Each comment has its own number, so that its survival can be seen. */
function numbered(text: string, count: { comments: number }): string {
  return text.replace('#.', () => `c${++count.comments}.`)
}

function messyJson(value: PlainValue, dice: Dice, comments: boolean): string {
  const count = { comments: 0 }
  const blank = () => numbered(blanks[dice(comments ? blanks.length : 6)] ?? '', count)
  const write = (each: PlainValue): string => {
    if (each === null || typeof each !== 'object') return JSON.stringify(each)
    const isList = Array.isArray(each)
    const parts = Object.entries(each).map(([key, inner]) => {
      const head = isList ? '' : `${JSON.stringify(key)}${blank()}:${blank()}`
      return `${blank()}${head}${write(inner)}${blank()}`
    })
    const tail = comments && parts.length > 0 && dice(4) === 0 ? ',' : ''
    const text = parts.join(',') + tail + blank()
    return isList ? `[${text}]` : `{${text}}`
  }
  return `${dice(5) === 0 ? '\uFEFF' : ''}${blank()}${write(value)}${blank()}`
}

function members(value: PlainValue): [string, PlainValue][] {
  return Object.entries(Object(value))
}

function isMap(value: PlainValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function messyToml(value: PlainValue, dice: Dice): string {
  const count = { comments: 0 }
  const lines: string[] = []
  const note = () => numbered([' # #.', '', ''][dice(3)] ?? '', count)
  const spaced = () =>
    lines.push(...([[], [''], [numbered('  # #.', count)], ['', numbered('# #.', count)]][dice(4)] ?? []))
  const key = (name: string) =>
    /^[\w-]+$/.test(name) && dice(3) > 0
      ? name
      : dice(2) === 0 && !name.includes("'")
        ? `'${name}'`
        : JSON.stringify(name)
  const scalar = (each: PlainValue) =>
    typeof each === 'string' && dice(2) === 0 && !/['\p{Cc}]/u.test(each) ? `'${each}'` : JSON.stringify(each)
  const inline = (each: PlainValue): string => {
    if (isMap(each))
      return members(each).length === 0
        ? '{}'
        : `{ ${members(each)
            .map(([name, inner]) => `${key(name)} = ${inline(inner)}`)
            .join(', ')} }`
    if (!Array.isArray(each)) return scalar(each)
    if (dice(3) > 0) return `[${each.map(inline).join(', ')}]`
    return `[\n${each.map((item) => `  ${inline(item)},${note()}\n`).join('')}]`
  }
  const dotted = (name: string, inner: PlainValue) => {
    for (const [last, deep] of members(inner)) lines.push(`${key(name)}.${key(last)} = ${inline(deep)}${note()}`)
  }
  const pair = (name: string, inner: PlainValue) => {
    lines.push(`${['', '  '][dice(2)]}${key(name)}${[' = ', '=', '   =  '][dice(3)]}${inline(inner)}${note()}`)
    if (dice(3) === 0) spaced()
  }
  /** Tables near the root have headers; deeper ones may be inline or dotted. */
  const isBelow = (path: readonly string[], inner: PlainValue) => isMap(inner) && (path.length < 2 || dice(3) === 0)
  const table = (path: readonly string[], each: PlainValue): void => {
    const split = members(each).map((member) => ({ member, below: isBelow(path, member[1]) }))
    for (const { member } of split.filter(({ below }) => !below)) {
      if (isMap(member[1]) && members(member[1]).length > 0 && dice(2) === 0) dotted(...member)
      else pair(...member)
    }
    for (const { member } of split.filter(({ below }) => below)) headed([...path, member[0]], member[1])
  }
  const headed = (path: readonly string[], inner: PlainValue) => {
    spaced()
    const isNeeded = path.length > 1 || members(inner).some(([, deep]) => !isMap(deep)) || members(inner).length === 0
    if (isNeeded || dice(2) === 0) lines.push(`[${path.map(key).join('.')}]${note()}`)
    table(path, inner)
  }
  table([], value)
  const text = lines.map((line) => line + (dice(4) === 0 ? '\r\n' : '\n')).join('')
  return dice(3) === 0 ? text.replace(/\r?\n$/, '') : text
}

function messyYaml(value: PlainValue, dice: Dice): string {
  const count = { comments: 0 }
  const ending = () => (dice(4) === 0 ? '\r\n' : '\n')
  const note = () => numbered(['  # #.', '', ''][dice(3)] ?? '', count)
  const between = (indent: string) =>
    ['', '', '', ending(), `${indent}${numbered('# #.', count)}${ending()}`][dice(5)] ?? ''
  const scalar = (each: PlainValue) => {
    if (typeof each !== 'string') return JSON.stringify(each)
    const isPlain = /^[a-z/][a-z0-9/.@]*$/.test(each) && !/^(true|false|null|y|n|yes|no|on|off)$/.test(each)
    return dice(3) === 0 && isPlain ? each : dice(2) === 0 ? JSON.stringify(each) : `'${each.replaceAll("'", "''")}'`
  }
  const flow = (each: PlainValue): string => {
    if (isMap(each))
      return `{${members(each)
        .map(([name, inner]) => `${scalar(name)}: ${flow(inner)}`)
        .join(', ')}}`
    return Array.isArray(each) ? `[${each.map(flow).join(', ')}]` : scalar(each)
  }
  const isFlow = (each: PlainValue) => typeof each !== 'object' || each === null || members(each).length === 0
  const block = (each: PlainValue, indent: string): string => {
    const deeper = indent + ['  ', '    '][dice(2)]
    return members(each)
      .map(([name, inner], index) => {
        const head = Array.isArray(each) ? '-' : `${scalar(name)}:`
        const lead = index === 0 ? '' : between(indent) + indent
        if (isFlow(inner) || (indent !== '' && dice(4) === 0))
          return `${lead}${head} ${flow(inner)}${note()}${ending()}`
        if (Array.isArray(each)) return `${lead}-   ${block(inner, `${indent}    `)}`
        return `${lead}${head}${note()}${ending()}${between(deeper)}${deeper}${block(inner, deeper)}`
      })
      .join('')
  }
  const text = between('') + block(value, '')
  return dice(3) === 0 ? text.replace(/\r?\n$/, '') : text
}
