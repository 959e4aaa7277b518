import { nested } from '../edit-tree.ts'
import type { EntryFile } from '../entry-file.ts'
import { containerOf, shapeOf } from '../entry-shapes.ts'
import { isRefused, type PlainValue } from '../text-edit.ts'
import { fileOf } from './file-of.ts'
import { type Dice, messyText } from './messy-text.ts'

/** Every kind of file that a client has, and the project of an entry. */
export const clientFiles = [
  ['claude-desktop', 'claude_desktop_config.json', null],
  ['claude-code', '.claude.json', null],
  ['claude-code', '.claude.json', '/srv/p'],
  ['cursor', '{home}/.cursor/mcp.json', null],
  ['vscode', '.vscode/mcp.json', null],
  ['windsurf', '/windsurf/mcp_config.json', null],
  ['codex', '{codex}/config.toml', null],
  ['gemini-cli', '{home}/.gemini/settings.json', null],
  ['zed', '.zed/settings.json', null],
  ['cline', '{cline}/', null],
  ['roo-code', '.roo/mcp.json', null],
  ['continue', '{continue}/config.yaml', null],
  ['jetbrains', '{home}/.junie/mcp/mcp.json', null],
  ['lm-studio', '.lmstudio/mcp.json', null],
] as const

const names = ['fs', 'git hub', 'ü', 'a.b', '//x']

/** A file of the client with some servers in it, and much else. */
export function generatedFile(client: EntryFile['client'], place: string, project: string | null, dice: Dice) {
  const file = fileOf(client, place, '')
  const count = 1 + (dice(5) >> 1)
  const entries = names
    .slice(0, count)
    .map((name, index) => [name, entryOf(file, index > 0 && dice(4) === 0, dice)] as const)
  const container = containerOf(file, new Map(), project)
  const listed =
    client === 'continue' ? entries.map(([name, entry]) => ({ name, ...entry })) : Object.fromEntries(entries)
  const root = {
    first: dice(9),
    ...Object(nested(container, listed)),
    other: { text: '"mcpServers": {', list: [1, 'x'] },
  }
  const text = messyText(root, file.location.format, dice)
  return { file: { ...file, text }, name: { name: names[dice(count)] ?? 'fs', project }, container }
}

function entryOf(file: EntryFile, isRemote: boolean, dice: Dice): Record<string, PlainValue> {
  const env = Object.fromEntries(['A', 'B C', 'D'].slice(0, dice(4)).map((key) => [key, `v ${dice(9)}'"\\`]))
  const args = ['-y', `pkg@1.0.${dice(9)}`, ...['/d', 'C:\\x', '#y', '']].slice(0, 2 + dice(5))
  const local = { transport: 'stdio', command: 'npx', args, env, cwd: null } as const
  const remote = shapeOf(file, { transport: 'http', url: 'https://h.example/mcp?a=1#b', headers: {} })
  const entry = isRemote && !isRefused(remote) ? remote : shapeOf(file, local)
  if (isRefused(entry)) throw new Error(entry.reason)
  return dice(3) === 0 ? { ...entry, unknown: { deep: [dice(9), null].slice(0, 1) } } : entry
}
