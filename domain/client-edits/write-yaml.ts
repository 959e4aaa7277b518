import { isPlainList } from './edit-tree.ts'
import type { PlainValue } from './text-edit.ts'

/** How a block of YAML is written: its line ending, how deep each level goes, and whether lists stand on one line. */
export interface YamlStyle {
  ending: string
  flowLists: boolean
}

const words = /^(?:true|false|null|yes|no|on|off|y|n)$/i

/** A text that needs no quotes in any place, for old and new readers. */
function isPlain(text: string): boolean {
  return /^[A-Za-z_/][A-Za-z0-9_./@=+-]*$/.test(text) && !words.test(text)
}

/** A scalar in the quotes of the one that it replaces, where it can stand in them. */
export function writeScalar(value: string | number | boolean | null, like: string | null = null): string {
  if (typeof value !== 'string') return String(value)
  const fits = !/[\p{Cc}\u2028\u2029\ufeff]/u.test(value)
  if (like === 'QUOTE_SINGLE' && fits) return `'${value.replaceAll("'", "''")}'`
  return isPlain(value) && like !== 'QUOTE_DOUBLE' ? value : quoted(value)
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[\x7f-\x9f\u2028\u2029\ufeff]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

export function writeKey(key: string): string {
  return writeScalar(key)
}

/** A value on one line. */
export function writeFlow(value: PlainValue): string {
  if (value === null || typeof value !== 'object') return writeScalar(value)
  if (isPlainList(value)) return `[${value.map(writeFlow).join(', ')}]`
  const members = Object.entries(value).map(([key, each]) => `${writeKey(key)}: ${writeFlow(each)}`)
  return `{${members.join(', ')}}`
}

/** What follows a key or a dash: a value on its line, or lines below it, indented deeper than `indent`. */
export function writeMember(key: string, value: PlainValue, indent: string, style: YamlStyle): string {
  const head = `${writeKey(key)}:`
  if (!isBlock(value, style)) return `${head} ${writeFlow(value)}`
  const inner = `${indent}  `
  return `${head}${style.ending}${inner}${writeBlock(value, inner, style)}`
}

/** A value whose first line stands behind `indent`, and the others too. */
export function writeBlock(value: PlainValue, indent: string, style: YamlStyle): string {
  if (value === null || typeof value !== 'object' || !isBlock(value, style)) return writeFlow(value)
  const line = style.ending + indent
  if (isPlainList(value)) return value.map((each) => `- ${writeBlock(each, `${indent}  `, style)}`).join(line)
  return Object.entries(value)
    .map(([key, each]) => writeMember(key, each, indent, style))
    .join(line)
}

function isBlock(value: PlainValue, style: YamlStyle): boolean {
  if (value === null || typeof value !== 'object') return false
  return isPlainList(value) ? value.length > 0 && !style.flowLists : Object.keys(value).length > 0
}
