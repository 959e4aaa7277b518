import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Items = z.array(
  z.object({ id: z.string(), vault: z.string(), title: z.string(), fields: z.record(z.string(), z.string()) }),
)
type Items = z.infer<typeof Items>

/**
 * A stand-in for `op`, the program of 1Password, which cannot be had here without an account: a folder for PATH that holds it. It knows the
 * commands that are called here, answers as their documentation says, reads a template from a true pipe alone, as the real one does, and gives two
 * items one title without complaint.
 */
export interface OpDouble {
  readonly folder: string
  items(): Items
  /** Puts items there as a person does in the application. */
  lay(items: Items): void
  /** The words of every call, one call a line. */
  calls(): string
}

export function opDouble(folder: string): OpDouble {
  mkdirSync(folder, { recursive: true })
  const [kept, said] = [join(folder, 'items.json'), join(folder, 'calls.txt')]
  writeFileSync(join(folder, 'op.cjs'), program)
  // Node's own settings of a test are not for it.
  writeFileSync(
    join(folder, 'op'),
    `#!/bin/sh\nexec env -u NODE_OPTIONS '${process.execPath}' '${join(folder, 'op.cjs')}' "$@"\n`,
  )
  chmodSync(join(folder, 'op'), 0o755)
  const lay = (items: Items) => writeFileSync(kept, JSON.stringify(items))
  lay([])
  return {
    folder,
    lay,
    items: () => Items.parse(JSON.parse(readFileSync(kept, 'utf8'))),
    calls: () => (existsSync(said) ? readFileSync(said, 'utf8') : ''),
  }
}

const program = `
const fs = require('node:fs')
const { join } = require('node:path')
const kept = join(__dirname, 'items.json')
const words = process.argv.slice(2)
fs.appendFileSync(join(__dirname, 'calls.txt'), words.join(' ') + '\\n')
const items = JSON.parse(fs.readFileSync(kept, 'utf8'))
const save = (all) => {
  fs.writeFileSync(kept + '.new', JSON.stringify(all))
  fs.renameSync(kept + '.new', kept)
}
function fail(why) {
  process.stderr.write('[ERROR] 2026/11/27 12:00:00 ' + why + '\\n')
  process.exit(1)
}
function option(name) {
  const at = words.indexOf(name)
  return at < 0 ? undefined : words[at + 1]
}
function named(vault, name) {
  if (vault !== 'Private' && vault !== 'Work') fail('"' + vault + '" isn\\'t a vault in this account. Specify the vault with its ID or name.')
  const found = items.filter((one) => one.vault === vault && (one.id === name || one.title === name))
  if (found.length === 0) fail('"' + name + '" isn\\'t an item in the "' + vault + '" vault. Specify the item with its UUID, name, or domain.')
  if (found.length > 1) fail('More than one item matches "' + name + '". Try again and specify the item by its ID.')
  return found[0]
}
if (process.env.OP_SIGNED_OUT) fail('account is not signed in')
const command = words[0] === 'item' ? 'item ' + words[1] : words[0]
if (command === 'item get') {
  const { id, title, vault } = named(option('--vault'), words[2])
  process.stdout.write(JSON.stringify({ id, title, vault: { name: vault }, category: 'API_CREDENTIAL' }))
} else if (command === 'read') {
  const [vault, item, field] = words[2].slice('op://'.length).split('/')
  const value = named(vault, item).fields[field]
  if (value === undefined) fail("could not read secret '" + words[2] + "': item does not have a field '" + field + "'")
  process.stdout.write(value)
} else if (command === 'item create') {
  if (!words.includes('-') || !fs.fstatSync(0).isFIFO()) fail('provide the item category with the \\'--category\\' flag')
  const { title, category, fields } = JSON.parse(fs.readFileSync(0, 'utf8'))
  if (category !== 'API_CREDENTIAL') fail('unknown item category')
  const id = 'item' + String(items.length + 1).padStart(22, '0')
  const vault = option('--vault')
  save([...items, { id, vault, title, fields: Object.fromEntries(fields.map((one) => [one.label, one.value])) }])
  process.stdout.write(JSON.stringify({ id, title, vault: { name: vault }, category }))
} else if (command === 'item delete') {
  const { id } = named(option('--vault'), words[2])
  save(items.filter((one) => one.id !== id))
} else fail('unknown command')
`
