// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references that clients expand.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { homeOfClients } from './testing/home-of-clients.ts'

const clients = homeOfClients()
const { put, place, collect, lines } = clients

/** Made by hand from what the documents say of the files; no client wrote them. */
function installed(plugins: Readonly<Record<string, object>>, version = 2): void {
  const root = (id: string) => join(clients.path, `.claude/plugins/cache/acme/${id.split('@')[0]}/1.0.0`)
  const record = ([id, more]: [string, object]) => {
    const one = { scope: 'user', installPath: root(id), version: '1.0.0', ...more }
    return [id, version === 1 ? one : [one]]
  }
  put('.claude/plugins/installed_plugins.json', {
    version,
    plugins: Object.fromEntries(Object.entries(plugins).map(record)),
  })
}

const cache = '.claude/plugins/cache/acme'
const script = { command: 'node', args: ['${CLAUDE_PLUGIN_ROOT}/server.js'] }

async function servers(more: Parameters<typeof place>[0] = {}): Promise<string[]> {
  return lines(await collect(place(more))).filter((line) => line.startsWith('server:'))
}

describe('plugins of Claude Code', () => {
  it('are servers by .mcp.json, flat or wrapped, by their manifest, and by files that it names', async () => {
    installed({ 'flat@acme': {}, 'wrapped@acme': {}, 'inline@acme': {}, 'file@acme': {} })
    put(`${cache}/flat/1.0.0/.mcp.json`, { db: script })
    put(`${cache}/wrapped/1.0.0/.mcp.json`, { mcpServers: { web: { type: 'http', url: 'https://h.example/mcp' } } })
    put(`${cache}/inline/1.0.0/.claude-plugin/plugin.json`, { name: 'inline', mcpServers: { api: script } })
    put(`${cache}/file/1.0.0/.claude-plugin/plugin.json`, { name: 'file', mcpServers: './config/mcp.json' })
    put(`${cache}/file/1.0.0/config/mcp.json`, { other: script })
    const seen = await collect()
    expect(lines(seen).filter((line) => line.startsWith('server:'))).toEqual([
      `server:claude-code:~/${cache}/flat/1.0.0/.mcp.json#db stdio node`,
      `server:claude-code:~/${cache}/wrapped/1.0.0/.mcp.json#web http remote`,
      `server:claude-code:~/${cache}/inline/1.0.0/.claude-plugin/plugin.json#api stdio node`,
      `server:claude-code:~/${cache}/file/1.0.0/config/mcp.json#other stdio node`,
    ])
    const db = seen.find((each) => each.kind === 'declared-server' && each.subject.name === 'db')
    expect(db).toMatchObject({
      facts: { launch: { via: 'node', script: join(clients.path, cache, 'flat/1.0.0/server.js') }, scope: 'user' },
    })
  })

  it('are none where they are switched off, and none where they are not installed', async () => {
    installed({ 'on@acme': {}, 'off@acme': {}, 'unnamed@acme': {} })
    for (const name of ['on', 'off', 'unnamed', 'left-over'])
      put(`${cache}/${name}/1.0.0/.mcp.json`, { [name]: script })
    put('.claude/settings.json', { enabledPlugins: { 'on@acme': true, 'off@acme': false } })
    expect(await servers()).toEqual([
      `server:claude-code:~/${cache}/on/1.0.0/.mcp.json#on stdio node`,
      `server:claude-code:~/${cache}/unnamed/1.0.0/.mcp.json#unnamed stdio node`,
    ])
  })

  it('follow the settings of a project, its local ones first', async () => {
    const project = join(clients.path, 'proj')
    installed({ 'p@acme': { scope: 'project', projectPath: project }, 'q@acme': {}, 'r@acme': {} })
    for (const name of ['p', 'q', 'r']) put(`${cache}/${name}/1.0.0/.mcp.json`, { [name]: script })
    put('.claude/settings.json', { enabledPlugins: { 'q@acme': false, 'r@acme': false } })
    put('proj/.claude/settings.json', { enabledPlugins: { 'p@acme': true, 'q@acme': true, 'r@acme': true } })
    put('proj/.claude/settings.local.json', { enabledPlugins: { 'p@acme': false, 'r@acme': false } })
    const seen = await collect(place({ projects: [project] }))
    const declared = seen.flatMap((each) =>
      each.kind === 'declared-server' && each.state === 'seen' ? [[each.facts.name, each.facts.project]] : [],
    )
    expect(declared).toEqual([['q', project]])
  })

  it('may have servers that only their marketplace declares', async () => {
    installed({ 'm@acme': {}, 'off@acme': {} }, 1)
    put('.claude/settings.json', { enabledPlugins: { 'off@acme': false } })
    const folder = join(clients.path, '.claude/plugins/marketplaces/acme')
    put('.claude/plugins/known_marketplaces.json', { acme: { installLocation: folder } })
    const listed = (name: string) => ({ name, source: './x', strict: false, mcpServers: { [name]: script } })
    put('.claude/plugins/marketplaces/acme/.claude-plugin/marketplace.json', {
      plugins: [listed('m'), listed('off'), listed('not-installed')],
    })
    expect(await servers()).toEqual([
      'server:claude-code:~/.claude/plugins/marketplaces/acme/.claude-plugin/marketplace.json#m stdio node',
    ])
  })

  it('lie where CLAUDE_CONFIG_DIR says', async () => {
    const folder = join(clients.path, 'elsewhere')
    put('elsewhere/plugins/installed_plugins.json', {
      version: 2,
      plugins: { 'a@b': [{ scope: 'user', installPath: join(folder, 'a') }] },
    })
    put('elsewhere/a/.mcp.json', { a: script })
    expect(await servers({ env: { CLAUDE_CONFIG_DIR: folder } })).toEqual([
      'server:claude-code:~/elsewhere/a/.mcp.json#a stdio node',
    ])
  })

  it('that are hostile or damaged are reported, and the others read', async () => {
    installed({ 'good@acme': {}, 'out@acme': {}, 'broken@acme': {}, 'odd@acme': { installPath: 7 } })
    put(`${cache}/good/1.0.0/.mcp.json`, { good: script })
    put(`${cache}/out/1.0.0/.claude-plugin/plugin.json`, {
      mcpServers: ['../../../../secret.json', '/etc/passwd', './packed.mcpb', 'https://h.example/x.mcpb', 7],
    })
    put('secret.json', { stolen: script })
    put(`${cache}/broken/1.0.0/.claude-plugin/plugin.json`, '{"mcpServers": ')
    expect(lines(await collect())).toEqual([
      'file:~/.claude/plugins/installed_plugins.json  problems 0',
      `file:~/${cache}/good/1.0.0/.mcp.json good problems 0`,
      `server:claude-code:~/${cache}/good/1.0.0/.mcp.json#good stdio node`,
      `file:~/${cache}/out/1.0.0/.claude-plugin/plugin.json secret.json,passwd,packed.mcpb,x.mcpb problems 0`,
      `server:claude-code:~/${cache}/out/1.0.0/.claude-plugin/plugin.json#secret.json malformed`,
      `server:claude-code:~/${cache}/out/1.0.0/.claude-plugin/plugin.json#passwd malformed`,
      `server:claude-code:~/${cache}/out/1.0.0/.claude-plugin/plugin.json#packed.mcpb malformed`,
      `server:claude-code:~/${cache}/out/1.0.0/.claude-plugin/plugin.json#x.mcpb malformed`,
      `file:~/${cache}/broken/1.0.0/.claude-plugin/plugin.json malformed`,
    ])
  })

  it('are unknown, not absent, where the list of them cannot be read', async () => {
    put('.claude/plugins/installed_plugins.json', '{"plugins": ')
    expect(lines(await collect())).toEqual(['file:~/.claude/plugins/installed_plugins.json malformed'])
  })
})

describe('extensions of Gemini CLI', () => {
  const folder = '.gemini/extensions'
  const server = { command: 'node', args: ['${extensionPath}${/}server.js'], cwd: '${extensionPath}', trust: true }

  it('are servers, in their own folder, and nothing they say is trusted without asking', async () => {
    put(`${folder}/notes/gemini-extension.json`, { name: 'notes', version: '1.0.0', mcpServers: { notes: server } })
    put(`${folder}/words/gemini-extension.json`, { name: 'words', version: '1.0.0' })
    const seen = await collect()
    expect(lines(seen)).toEqual([
      `file:~/${folder}/notes/gemini-extension.json notes problems 0`,
      `server:gemini-cli:~/${folder}/notes/gemini-extension.json#notes stdio node`,
    ])
    const root = join(clients.path, folder, 'notes')
    expect(seen[1]).toMatchObject({
      facts: { launch: { script: `${root}/server.js` }, cwd: root, autoApprove: [], other: {} },
    })
  })

  it.each([
    ['no rule', undefined, true],
    ['off below the home', ['!{home}/*'], false],
    ['off everywhere, on in one folder', ['!{home}/*', '{home}/work/*'], true],
    ['on, then off below the home', ['{home}/*', '!{home}/*'], false],
    ['off in another folder', ['!/srv/other/*'], true],
    ['off in the home itself only, with no project', ['!{home}/'], false],
  ])('%s', async (_name, overrides, on) => {
    put(`${folder}/notes/gemini-extension.json`, { name: 'notes', version: '1.0.0', mcpServers: { notes: server } })
    const rules = overrides?.map((rule) => rule.replace('{home}', clients.path))
    put(`${folder}/extension-enablement.json`, rules === undefined ? {} : { notes: { overrides: rules } })
    expect((await servers()).length === 1).toBe(on)
  })

  it('lie where they are linked to', async () => {
    put(`${folder}/dev/.gemini-extension-install.json`, { type: 'link', source: join(clients.path, 'src/dev') })
    put('src/dev/gemini-extension.json', { name: 'dev', version: '1.0.0', mcpServers: { dev: server } })
    expect(await servers()).toEqual(['server:gemini-cli:~/src/dev/gemini-extension.json#dev stdio node'])
  })
})

/** Made by hand from the client's public source; no client wrote them. */
describe('plugins of Codex', () => {
  const cached = '.codex/plugins/cache/acme'
  const flat = { command: 'node', args: ['${PLUGIN_ROOT}/server.js'], cwd: '.' }

  it('are servers of the version that counts, by .mcp.json or by what the manifest states', async () => {
    put(`${cached}/notes/1.9.0/.mcp.json`, { old: flat })
    put(`${cached}/notes/1.10.0/.mcp.json`, { notes: flat })
    put(`${cached}/own/local/.codex-plugin/plugin.json`, { name: 'own', mcpServers: './servers.json' })
    put(`${cached}/own/local/servers.json`, { mcpServers: { own: { url: 'https://h.example/mcp' } } })
    put(`${cached}/own/local/.mcp.json`, { unused: flat })
    put(`${cached}/own/9.0.0/.mcp.json`, { other: flat })
    put(`${cached}/inline/1.0.0/.codex-plugin/plugin.json`, { mcpServers: { api: flat } })
    const seen = await collect()
    expect(lines(seen).filter((line) => line.startsWith('server:'))).toEqual([
      `server:codex:~/${cached}/inline/1.0.0/.codex-plugin/plugin.json#api stdio node`,
      `server:codex:~/${cached}/notes/1.10.0/.mcp.json#notes stdio node`,
      `server:codex:~/${cached}/own/local/servers.json#own http remote`,
    ])
    const root = join(clients.path, cached, 'notes/1.10.0')
    const notes = seen.find((each) => each.kind === 'declared-server' && each.subject.name === 'notes')
    expect(notes).toMatchObject({ facts: { launch: { script: `${root}/server.js` }, cwd: root } })
  })

  it('are none where config.toml switches them off, and a single server of one may be', async () => {
    for (const name of ['on', 'off', 'unnamed'])
      put(`${cached}/${name}/1.0.0/.mcp.json`, { [name]: flat, second: flat })
    put(
      '.codex/config.toml',
      '[plugins."on@acme"]\nenabled = true\n[plugins."on@acme".mcp_servers.second]\nenabled = false\n[plugins."off@acme"]\nenabled = false\n',
    )
    const seen = await collect()
    const declared = seen.flatMap((each) =>
      each.kind === 'declared-server' && each.state === 'seen' ? [`${each.facts.name} ${each.facts.disabled}`] : [],
    )
    expect(declared).toEqual(['on false', 'second true', 'unnamed false', 'second false'])
  })

  it('that lead out of their folder or are damaged are reported', async () => {
    put(`${cached}/out/1.0.0/.codex-plugin/plugin.json`, { mcpServers: '../../../../../secret.json' })
    put('secret.json', { stolen: flat })
    put(`${cached}/broken/1.0.0/.codex-plugin/plugin.json`, '{"mcpServers": ')
    expect(lines(await collect()).filter((line) => line.endsWith('malformed'))).toEqual([
      `file:~/${cached}/broken/1.0.0/.codex-plugin/plugin.json malformed`,
      `server:codex:~/${cached}/out/1.0.0/.codex-plugin/plugin.json#secret.json malformed`,
    ])
  })
})

/** Made by hand from the client's reference and its issues; no client wrote them. */
describe('plugins of Cursor', () => {
  it('are servers by mcp.json or their manifest, local ones and each copy in the cache; .mcp.json is another client’s', async () => {
    const remote = { url: 'https://h.example/mcp' }
    put('.cursor/plugins/local/mine/.cursor-plugin/plugin.json', { name: 'mine', mcpServers: 'own/mcp.json' })
    put('.cursor/plugins/local/mine/own/mcp.json', { mcpServers: { mine: remote } })
    put('.cursor/plugins/local/mine/mcp.json', { mcpServers: { unused: remote } })
    put('.cursor/plugins/cache/cursor-public/pruned/3d9d9cd/mcp.json', { mcpServers: { pruned: remote } })
    put('.cursor/plugins/cache/cursor-public/claude/3d9d9cd/.mcp.json', { mcpServers: { other: remote } })
    expect(await servers()).toEqual([
      'server:cursor:~/.cursor/plugins/local/mine/own/mcp.json#mine http remote',
      'server:cursor:~/.cursor/plugins/cache/cursor-public/pruned/3d9d9cd/mcp.json#pruned http remote',
    ])
  })
})

/** Made by hand from the editor's public source; no editor wrote them. */
describe('plugins and extensions of VS Code', () => {
  it('agent plugins are servers where installed.json lists them or the settings name their folder', async () => {
    const server = { command: 'node', args: ['${CLAUDE_PLUGIN_ROOT}/server.js'] }
    const root = join(clients.path, '.vscode/agent-plugins/github.com/acme/tools')
    put('.vscode/agent-plugins/installed.json', {
      version: 1,
      installed: [{ pluginUri: `file://${root}`, marketplace: 'acme/tools' }, { pluginUri: 'https://h.example/x' }, 7],
    })
    put('.vscode/agent-plugins/github.com/acme/tools/.mcp.json', { mcpServers: { listed: server } })
    put('.vscode/agent-plugins/github.com/acme/left-over/.mcp.json', { mcpServers: { left: server } })
    put('dev/on/plugin.json', { name: 'on', mcpServers: { on: server } })
    put('dev/off/.mcp.json', { mcpServers: { off: server } })
    put(
      '.config/Code/User/settings.json',
      `{ // mine\n "chat.pluginLocations": { "~/dev/on": true, "${clients.path}/dev/off": false, "here": true } }`,
    )
    expect(await servers()).toEqual([
      'server:vscode:~/.vscode/agent-plugins/github.com/acme/tools/.mcp.json#listed stdio node',
      'server:vscode:~/dev/on/plugin.json#on stdio node',
    ])
  })

  it('an extension that registers servers by code is unknown, by name; one that does not is nothing', async () => {
    const extension = (name: string) => ({ identifier: { id: `acme.${name}` }, relativeLocation: `acme.${name}-1.0.0` })
    put('.vscode/extensions/extensions.json', [extension('cloud'), extension('theme'), { relativeLocation: '../x' }])
    put('.vscode/extensions/acme.cloud-1.0.0/package.json', {
      contributes: { mcpServerDefinitionProviders: [{ id: 'acme.cloud.servers', label: 'Cloud' }] },
    })
    put('.vscode/extensions/acme.theme-1.0.0/package.json', { contributes: { themes: [] } })
    put('.vscode/extensions/acme.removed-1.0.0/package.json', {
      contributes: { mcpServerDefinitionProviders: [{ id: 'acme.removed.servers' }] },
    })
    expect(lines(await collect())).toEqual([
      'file:~/.vscode/extensions/acme.cloud-1.0.0/package.json acme.cloud.servers problems 0',
      'server:vscode:~/.vscode/extensions/acme.cloud-1.0.0/package.json#acme.cloud.servers not-supported',
    ])
  })
})
