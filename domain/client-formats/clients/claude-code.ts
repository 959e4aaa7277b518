import { deniedBy, managedSettings } from '../claude-managed.ts'
import { claudePlugins } from '../claude-plugins.ts'
import {
  type ClientFormat,
  declaresNone,
  type EntriesRead,
  entriesAt,
  entriesOf,
  joined,
  none,
} from '../client-format.ts'
import type { PlacedEntry } from '../raw-entry.ts'
import { textsAt } from '../raw-entry.ts'
import { at, isMap, type Tree } from '../tree.ts'

const ofProject = new Set(['mcpServers', 'allowedTools', 'disabledMcpServers'])

/**
 * Claude Code: servers of the user and of single projects in `.claude.json`, a project's own in `.mcp.json`, an organisation's in
 * `managed-mcp.json`, those of plugins in the plugins' folders. The user's file also holds the history of every project and may be many megabytes long.
 */
export const claudeCode: ClientFormat = {
  client: 'claude-code',
  title: 'Claude Code',
  sources: [
    'https://code.claude.com/docs/en/mcp',
    'https://code.claude.com/docs/en/managed-mcp',
    'https://code.claude.com/docs/en/plugins-reference (plugins)',
    'https://github.com/anthropics/claude-code/blob/main/plugins/plugin-dev/skills/mcp-integration/SKILL.md (servers of plugins)',
    'https://github.com/anthropics/claude-code/issues/17832 (what says that one is installed and on)',
  ],
  expands: ['brace'],
  roots: {
    claude: { variable: 'CLAUDE_CONFIG_DIR', otherwise: '{home}' },
    'claude-folder': { variable: 'CLAUDE_CONFIG_DIR', otherwise: '{home}/.claude' },
  },
  plugins: claudePlugins,
  denies: ({ place, json }) => deniedBy(place.machine ? json(managedSettings[place.platform]) : null),
  locations: [
    {
      scope: 'user',
      format: 'json',
      path: '{claude}/.claude.json',
      why: 'servers of this user, for all projects and for single ones',
      read: readUserFile,
      keep: isNeeded,
    },
    {
      scope: 'user',
      format: 'json',
      path: '{claude-folder}/plugins/installed_plugins.json',
      why: 'which plugins are installed, and in which folders',
      rewrittenBy: 'the client',
      read: declaresNone,
    },
    {
      scope: 'project',
      format: 'json',
      path: '{project}/.mcp.json',
      why: 'servers that a project brings along',
      read: entriesAt([['mcpServers']]),
    },
    ...(
      [
        ['linux', '/etc/claude-code/managed-mcp.json'],
        ['darwin', '/Library/Application Support/ClaudeCode/managed-mcp.json'],
        ['win32', 'C:\\Program Files\\ClaudeCode\\managed-mcp.json'],
        ['win32', 'C:\\ProgramData\\ClaudeCode\\managed-mcp.json'],
      ] as const
    ).map(([platform, path]) => ({
      scope: 'managed' as const,
      format: 'json' as const,
      path,
      on: [platform],
      why: 'servers that the organisation sets for this machine',
      read: entriesAt([['mcpServers']]),
    })),
  ],
}

/** The server parts of the file: not the history, which is most of it. */
function isNeeded(path: readonly string[]): boolean {
  if (path.length === 1) return path[0] === 'mcpServers' || path[0] === 'projects'
  return path[0] !== 'projects' || path.length !== 3 || ofProject.has(path[2] ?? '')
}

function readUserFile(tree: Tree): EntriesRead {
  const projects = at(tree, 'projects')
  const readings = isMap(projects) ? [...projects].map(([folder, project]) => readProject(folder, project)) : []
  return joined([entriesAt([['mcpServers']])(tree), ...readings])
}

/** Entries that only one project has, with the tools that are called there without asking and the entries switched off there. */
function readProject(folder: string, project: Tree): EntriesRead {
  const declared = at(project, 'mcpServers')
  if (declared === undefined) return none
  const read = entriesOf(declared, 'projects.mcpServers', {}, ['projects', folder, 'mcpServers'])
  const disabled = new Set(textsAt(project, 'disabledMcpServers'))
  const allowed = textsAt(project, 'allowedTools')
  const entries = read.entries.map(
    (entry): PlacedEntry => ({
      ...entry,
      project: folder,
      disabled: entry.disabled || disabled.has(entry.name),
      autoApprove: allowedTools(allowed, entry.name),
      places: {
        ...entry.places,
        // Public reports say that servers on this list were started all the same.
        switch: { kind: 'list', path: ['projects', folder, 'disabledMcpServers'], doubted: true },
        approvals: { kind: 'list', path: ['projects', folder, 'allowedTools'], prefix: `mcp__${entry.name}` },
      },
    }),
  )
  return { ...read, entries }
}

/** `mcp__server` stands for all of a server's tools, `mcp__server__tool` for one. */
function allowedTools(allowed: readonly string[], server: string): readonly string[] {
  const all = `mcp__${server}`
  return allowed.flatMap((tool) => {
    if (tool === all) return ['*']
    return tool.startsWith(`${all}__`) ? [tool.slice(all.length + 2)] : []
  })
}
