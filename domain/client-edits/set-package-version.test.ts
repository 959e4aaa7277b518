import { describe, expect, it } from 'vitest'
import { setPackageVersion } from './set-package-version.ts'
import { fileOf } from './testing/file-of.ts'
import type { Edited } from './text-edit.ts'

const fs = { name: 'fs', project: null }
const textOf = (edited: Edited) => (edited.state === 'edited' ? edited.text : `${edited.code}: ${edited.reason}`)
const cursor = (entry: unknown) =>
  fileOf('cursor', '{home}/.cursor/mcp.json', JSON.stringify({ mcpServers: { fs: entry } }))

describe('the version of a package', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  it.each([
    [['npx', '-y', '@m/fs@2025.3.28', '/data'], '@m/fs', '2.0.1', ['npx', '-y', '@m/fs@2.0.1', '/data']],
    [['npx', '-y', '@m/fs'], '@m/fs', '2.0.1', ['npx', '-y', '@m/fs@2.0.1']],
    [['npx', '@m/fs@^1'], '@m/fs', '2.0.1', ['npx', '@m/fs@2.0.1']],
    [['npx', 'fs@latest', 'fs@latest'], 'fs', '1.0.0', ['npx', 'fs@1.0.0', 'fs@latest']],
    [['npx', '--package=@m/fs@1.0.0', 'run-fs'], '@m/fs', '1.0.1', ['npx', '--package=@m/fs@1.0.1', 'run-fs']],
    [['npx', '-p', 'a@1.0.0', '-p', 'b@1.0.0', 'a'], 'b', '2.0.0', ['npx', '-p', 'a@1.0.0', '-p', 'b@2.0.0', 'a']],
    [['npx', 'x@npm:@m/fs@1.0.0'], '@m/fs', '2.0.0', ['npx', 'x@npm:@m/fs@2.0.0']],
    [['bunx', 'fs@1.0.0'], 'fs', '1.0.1', ['bunx', 'fs@1.0.1']],
    [['npm', 'exec', '--', 'fs@1.0.0'], 'fs', '1.0.1', ['npm', 'exec', '--', 'fs@1.0.1']],
    [
      ['npm', 'exec', '--package', 'fs@1', '--', 'fs'],
      'fs',
      '1.0.1',
      ['npm', 'exec', '--package', 'fs@1.0.1', '--', 'fs'],
    ],
    [['pnpm', 'dlx', 'fs@1.0.0'], 'fs', '1.0.1', ['pnpm', 'dlx', 'fs@1.0.1']],
    [['cmd', '/c', 'npx', '-y', 'fs@1.0.0'], 'fs', '1.0.1', ['cmd', '/c', 'npx', '-y', 'fs@1.0.1']],
    [['cmd', '/c', 'npx -y fs@1.0.0 C:\\d'], 'fs', '1.0.1', ['cmd', '/c', 'npx -y fs@1.0.1 C:\\d']],
    [['npx -y fs@1.0.0'], 'fs', '1.0.1', ['npx -y fs@1.0.1']],
    [['uvx', 'fs'], 'fs', '1.2', ['uvx', 'fs@1.2']],
    [['uvx', 'fs@1.1'], 'fs', '1.2', ['uvx', 'fs@1.2']],
    [['uvx', 'Fs_x[cli]==1.1'], 'fs-x', '1.2', ['uvx', 'Fs_x[cli]==1.2']],
    [['uvx', '--from', 'fs>=1,<2', 'run'], 'fs', '1.2', ['uvx', '--from', 'fs==1.2', 'run']],
    [['uvx', '--from=fs', 'run'], 'fs', '1.2', ['uvx', '--from=fs==1.2', 'run']],
    [['uvx', '--with', 'dep==1.0', 'fs==1.1'], 'dep', '1.1', ['uvx', '--with', 'dep==1.1', 'fs==1.1']],
    [['uv', 'tool', 'run', 'fs==1.1'], 'fs', '1.2', ['uv', 'tool', 'run', 'fs==1.2']],
    [['pipx', 'run', 'fs'], 'fs', '1.2', ['pipx', 'run', 'fs==1.2']],
    [['pipx', 'run', '--spec', 'fs==1.1', 'x'], 'fs', '1.2', ['pipx', 'run', '--spec', 'fs==1.2', 'x']],
    [
      ['docker', 'run', '-i', '--rm', 'mcp/fs:1.0', '/d'],
      'mcp/fs',
      '1.1',
      ['docker', 'run', '-i', '--rm', 'mcp/fs:1.1', '/d'],
    ],
    [['docker', 'run', 'ghcr.io/m/fs'], 'ghcr.io/m/fs', digest, ['docker', 'run', `ghcr.io/m/fs@${digest}`]],
    [['podman', 'run', 'h:5000/fs:1'], 'h:5000/fs', `2@${digest}`, ['podman', 'run', `h:5000/fs:2@${digest}`]],
    [['docker', 'run', `mcp/fs:1@${digest}`], 'mcp/fs', '2', ['docker', 'run', 'mcp/fs:2']],
    [['env', 'A=1', 'npx', 'fs@1.0.0'], 'fs', '1.0.1', ['env', 'A=1', 'npx', 'fs@1.0.1']],
  ])('%j, %s to %s', (line, name, version, expected) => {
    const [command, ...args] = line
    const [newCommand, ...newArgs] = expected
    const edited = setPackageVersion(cursor({ command, args }), fs, { name, version })
    expect(textOf(edited)).toBe(JSON.stringify({ mcpServers: { fs: { command: newCommand, args: newArgs } } }))
  })

  it.each([
    ['no-such-path', ['npx', 'other@1.0.0'], '1.0.1'],
    ['no-such-path', ['node', 'fs.js'], '1.0.1'],
    ['no-such-path', ['npx', 'github:me/fs'], '1.0.1'],
    ['no-such-path', ['bash', '-c', 'npx fs@1.0.0'], '1.0.1'],
    ['no-such-path', ['npx fs@1.0.0 fs@1.0.0'], '1.0.1'],
    ['ambiguous', ['npx', '-p', 'fs@1.0.0', '-p', 'fs@2.0.0', 'fs'], '1.0.1'],
    ['not-expressible', ['npx', 'fs@1.0.0'], '1 && x'],
    ['not-expressible', ['npx', 'fs@1.0.0'], '^1'],
    ['not-expressible', ['docker', 'run', 'fs:1'], 'sha256:abc'],
  ])('refuses as %s: %j to %s', (code, line, version) => {
    const [command, ...args] = line
    expect(setPackageVersion(cursor({ command, args }), fs, { name: 'fs', version })).toMatchObject({ code })
  })
})
