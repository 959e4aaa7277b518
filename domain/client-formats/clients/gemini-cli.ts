import { type ClientFormat, type ConfigLocation, declaresNone, type EntriesRead, entriesAt } from '../client-format.ts'
import { geminiExtensions } from '../gemini-extensions.ts'
import { type PlacedEntry, textsAt } from '../raw-entry.ts'
import type { Tree } from '../tree.ts'

const declared = entriesAt([['mcpServers']], {
  urls: { httpUrl: 'http', url: 'sse' },
  autoApprove: ['trust'],
  approves: 'all',
})

/** Gemini CLI: `mcpServers` in `settings.json`; `url` means SSE, `httpUrl` streamable HTTP; `trust` calls every tool without asking. */
export const geminiCli: ClientFormat = {
  client: 'gemini-cli',
  title: 'Gemini CLI',
  sources: [
    'https://github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md',
    'https://geminicli.com/docs/cli/configuration',
    'https://geminicli.com/docs/extensions/ (extensions)',
    'https://github.com/google-gemini/gemini-cli/blob/main/packages/cli/src/config/extensions/extensionEnablement.ts (which are on)',
  ],
  plugins: geminiExtensions,
  expands: ['brace', 'dollar'],
  locations: [
    { scope: 'user', format: 'jsonc', path: '{home}/.gemini/settings.json', why: 'servers of this user', read },
    {
      scope: 'user',
      format: 'json',
      path: '{home}/.gemini/extensions/extension-enablement.json',
      why: 'which extensions are switched off, and in which folders',
      read: declaresNone,
    },
    {
      scope: 'project',
      format: 'jsonc',
      path: '{project}/.gemini/settings.json',
      why: 'servers that a project brings along',
      read,
    },
    ...ofMachine('linux', '/etc/gemini-cli'),
    ...ofMachine('darwin', '/Library/Application Support/GeminiCli'),
    ...ofMachine('win32', 'C:\\ProgramData\\gemini-cli'),
  ],
}

function ofMachine(platform: 'linux' | 'darwin' | 'win32', folder: string): readonly ConfigLocation[] {
  const separator = platform === 'win32' ? '\\' : '/'
  return ['settings.json', 'system-defaults.json'].map((name) => ({
    scope: 'managed',
    format: 'jsonc',
    path: `${folder}${separator}${name}`,
    on: [platform],
    why: 'servers set for this machine',
    read,
  }))
}

/** `mcp.excluded` switches servers off by name. */
function read(tree: Tree): EntriesRead {
  const reading = declared(tree)
  const excluded = new Set(textsAt(tree, 'mcp', 'excluded'))
  const entries = reading.entries.map(
    (entry): PlacedEntry => ({
      ...entry,
      disabled: entry.disabled || excluded.has(entry.name),
      places: { ...entry.places, switch: { kind: 'list', path: ['mcp', 'excluded'], doubted: false } },
    }),
  )
  return { ...reading, entries }
}
