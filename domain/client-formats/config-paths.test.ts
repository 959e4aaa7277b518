import type { Place } from '@upkeep/contract/place'
import { describe, expect, it } from 'vitest'
import { clientList } from './client-list.ts'
import { configPaths, explainPaths } from './config-paths.ts'

function place(more: Partial<Place>): Place {
  return {
    id: 'p',
    home: '/home/u',
    platform: 'linux',
    env: {},
    projects: [],
    machine: false,
    upkeepFile: null,
    uid: null,
    ...more,
  }
}
function paths(client: string, more: Partial<Place>): string[] {
  return configPaths(place(more))
    .filter((looked) => looked.client.client === client)
    .map(({ path }) => path)
}

/** The path of a client's only file; its unpacked bundles lie beside it. */
function mainPath(more: Partial<Place>): string | undefined {
  const [first, ...others] = paths('claude-desktop', more)
  const folder = first?.slice(0, -'claude_desktop_config.json'.length)
  expect(others).toEqual([
    [folder, 'Claude Extensions', '*', 'manifest.json'].join(separatorOf(folder)).replace(/([\\/])\1/, '$1'),
  ])
  return first
}

function separatorOf(folder = ''): string {
  return folder.endsWith('\\') ? '\\' : '/'
}

describe('paths', () => {
  it('follow the system', () => {
    expect(mainPath({})).toBe('/home/u/.config/Claude/claude_desktop_config.json')
    expect(mainPath({ platform: 'darwin', home: '/Users/u' })).toBe(
      '/Users/u/Library/Application Support/Claude/claude_desktop_config.json',
    )
    expect(mainPath({ platform: 'win32', home: 'C:\\Users\\u' })).toBe(
      'C:\\Users\\u\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
    )
    expect(paths('zed', { platform: 'darwin', home: '/Users/u' })).toEqual(['/Users/u/.config/zed/settings.json'])
    expect(paths('zed', { platform: 'win32', home: 'C:\\Users\\u' })).toEqual([
      'C:\\Users\\u\\AppData\\Roaming\\Zed\\settings.json',
    ])
    expect(paths('vscode', { platform: 'win32', home: 'C:\\Users\\u' })[1]).toBe(
      'C:\\Users\\u\\AppData\\Roaming\\Code\\User\\profiles\\*\\mcp.json',
    )
    expect(paths('jetbrains', { platform: 'win32', home: 'C:\\Users\\u' }).at(-1)).toBe(
      'C:\\Users\\u\\AppData\\Local\\github-copilot\\intellij\\mcp.json',
    )
  })

  it('of another system read as files where that home has been copied to', () => {
    expect(mainPath({ platform: 'win32', home: '/mnt/copy/u' })).toBe(
      '/mnt/copy/u/AppData/Roaming/Claude/claude_desktop_config.json',
    )
  })

  it('follow the variables that move them, where those are absolute', () => {
    expect(mainPath({ env: { XDG_CONFIG_HOME: '/x' } })).toBe('/x/Claude/claude_desktop_config.json')
    expect(mainPath({ env: { XDG_CONFIG_HOME: 'x' } })).toBe('/home/u/.config/Claude/claude_desktop_config.json')
    expect(paths('codex', { env: { CODEX_HOME: '/c/' } })).toEqual(['/c/config.toml', '/c/managed_config.toml'])
    expect(paths('claude-code', { env: { CLAUDE_CONFIG_DIR: '/k' } })).toEqual([
      '/k/.claude.json',
      '/k/plugins/installed_plugins.json',
    ])
    expect(mainPath({ platform: 'win32', home: 'C:\\U', env: { APPDATA: 'D:\\Roam' } })).toBe(
      'D:\\Roam\\Claude\\claude_desktop_config.json',
    )
  })

  it("of the machine are looked at for this machine's own home only", () => {
    const managed = '/etc/claude-code/managed-mcp.json'
    expect(paths('claude-code', { machine: true })).toContain(managed)
    expect(paths('claude-code', { machine: false })).not.toContain(managed)
    expect(paths('claude-code', { machine: true, platform: 'darwin' })).toContain(
      '/Library/Application Support/ClaudeCode/managed-mcp.json',
    )
    expect(paths('gemini-cli', { machine: true, platform: 'win32' })).toContain(
      'C:\\ProgramData\\gemini-cli\\settings.json',
    )
  })

  it('of projects are looked at in each', () => {
    const found = configPaths(place({ projects: ['/a', '/b/'] })).filter(({ project }) => project !== null)
    expect(found.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/a/.mcp.json', '/b/.mcp.json', '/b/.vscode/mcp.json']),
    )
    expect(found.every(({ path, project }) => project !== null && path.startsWith(project.replace(/\/$/, '/')))).toBe(
      true,
    )
  })

  it('are each looked at once, and each says why', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const rows = explainPaths(place({ platform, machine: true, projects: ['/a'], upkeepFile: '/a/upkeep.yaml' }))
      expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length)
      expect(rows.filter(({ path, why }) => why === '' || path.includes('{') || path.includes('}'))).toEqual([])
      expect(rows.at(-1)).toMatchObject({ client: 'upkeep', path: '/a/upkeep.yaml' })
    }
  })
})

it('lists every client of the contract but our own, with its sources', () => {
  const listed = clientList.map(({ client }) => client)
  expect(listed).toHaveLength(13)
  expect(new Set(listed).size).toBe(13)
  expect(clientList.filter(({ sources }) => sources.length === 0)).toEqual([])
})
