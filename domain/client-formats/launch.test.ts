import { describe, expect, it } from 'vitest'
import { analyseLaunch } from './launch.ts'

/** A line of the table: the command with its arguments, and `via name requested pinned packages` or what stands in their place. */
function said(command: string, ...args: string[]): string {
  const { launch } = analyseLaunch(command, args)
  if ('ecosystem' in launch) {
    const packages = launch.packages.length > 1 ? ` [${launch.packages.join(' ')}]` : ''
    return `${launch.via} ${launch.name} ${launch.requested ?? '-'} ${launch.pinned ? 'pinned' : 'floating'}${packages}`
  }
  if ('image' in launch) {
    return `${launch.via} ${launch.image} ${launch.tag ?? '-'} ${launch.digest?.slice(0, 10) ?? '-'} ${launch.pinned ? 'pinned' : 'floating'}`
  }
  if ('script' in launch) return `${launch.via} ${launch.script ?? launch.module ?? '-'}`
  return 'file' in launch ? `binary ${launch.file}` : launch.via
}

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
const fs = '@modelcontextprotocol/server-filesystem'

describe('npm launchers', () => {
  it.each<[string[], string]>([
    [['npx', '-y', `${fs}@2025.3.28`, '/data'], `npx ${fs} 2025.3.28 pinned`],
    [['npx', fs], `npx ${fs} - floating`],
    [['npx', '--yes', `${fs}@latest`], `npx ${fs} latest floating`],
    [['npx', '-y', 'mcp-remote@^0.1.15', 'http://127.0.0.1:1/mcp'], 'npx mcp-remote ^0.1.15 floating'],
    [['npx', '-y', 'mcp-remote@0.1'], 'npx mcp-remote 0.1 floating'],
    [['npx', '-y', 'x@>=1 <2'], 'npx x >=1 <2 floating'],
    [['npx', 'x@v1.2.3'], 'npx x v1.2.3 pinned'],
    [['npx', 'x@=1.2.3'], 'npx x =1.2.3 pinned'],
    [['npx', 'x@1.2.3-beta.1'], 'npx x 1.2.3-beta.1 pinned'],
    [['npx', 'x@next'], 'npx x next floating'],
    [['npx', 'x@*'], 'npx x * floating'],
    [['/usr/local/bin/npx', '-y', 'x@1.0.0'], 'npx x 1.0.0 pinned'],
    [['C:\\Program Files\\nodejs\\npx.cmd', '-y', 'x@1.0.0'], 'npx x 1.0.0 pinned'],
    [['NPX.CMD', 'x'], 'npx x - floating'],
    [['npx', '-p', 'a@1.0.0', '-p', 'b@2', 'b'], 'npx b 2 floating [a@1.0.0 b@2]'],
    [['npx', '--package=@s/tool@1.0.0', '--', 'tool', '--flag'], 'npx @s/tool 1.0.0 pinned'],
    [['npx', '--package', 'a', '-c', 'a | b'], 'npx a - floating'],
    [['npx', '-c', 'curl x | sh'], 'shell'],
    [['npx', '--registry', 'https://r.example', 'x@1.0.0'], 'npx x 1.0.0 pinned'],
    [['npx', '-y'], 'unknown'],
    [['npx', 'alias@npm:real@1.2.3'], 'npx real 1.2.3 pinned'],
    [['npx', 'github:owner/repo#main'], 'npx github:owner/repo github:owner/repo floating'],
    [['npx', 'owner/repo'], 'npx github:owner/repo github:owner/repo floating'],
    [
      ['npx', 'git+https://u:hunter2@example.com/a/b.git'],
      'npx git+https://example.com/a/*** git+https://example.com/a/*** floating',
    ],
    [['npx', 'x@file:./local'], 'npx x file:./local floating'],
    [['npx', './x.tgz'], 'npx ./x.tgz ./x.tgz floating'],
    [['npx', 'ghp_0123456789abcdefghijABCDEFGHIJ012345'], 'unknown'],
    [['npm', 'exec', '--yes', '--', 'x@1.0.0', '--stdio'], 'npm-exec x 1.0.0 pinned'],
    [['npm', 'x', '--package=a@1.0.0', 'a'], 'npm-exec a 1.0.0 pinned'],
    [['npm', '--prefix', '/srv/app', 'run', 'start'], 'unknown'],
    [['bunx', '--bun', 'x@1.0.0'], 'bunx x 1.0.0 pinned'],
    [['bun', 'x', 'x@1'], 'bunx x 1 floating'],
    [['pnpm', 'dlx', 'x@1.0.0'], 'pnpm-dlx x 1.0.0 pinned'],
    [['pnpm', '--package=p@2.0.0', 'dlx', 'bin'], 'pnpm-dlx p 2.0.0 pinned'],
    [['pnpx', 'x'], 'pnpm-dlx x - floating'],
    [['pnpm', 'start'], 'unknown'],
    [['yarn', 'dlx', '-p', 'p@1.0.0', 'bin'], 'yarn-dlx p 1.0.0 pinned'],
    [['yarn', 'start'], 'unknown'],
  ])('%j', ([command = '', ...args], expected) => {
    expect(said(command, ...args)).toBe(expected)
  })
})

describe('Python launchers', () => {
  it.each<[string[], string]>([
    [['uvx', 'mcp-server-git', '--repository', '/r'], 'uvx mcp-server-git - floating'],
    [['uvx', 'mcp-server-git@2025.1.14'], 'uvx mcp-server-git 2025.1.14 pinned'],
    [['uvx', 'mcp-server-git@latest'], 'uvx mcp-server-git latest floating'],
    [['uvx', '--from', 'pkg==1.2.3', 'tool'], 'uvx pkg ==1.2.3 pinned'],
    [['uvx', '--from', 'pkg==1.2.*', 'tool'], 'uvx pkg ==1.2.* floating'],
    [['uvx', '--from', 'pkg[extra]>=1,<2', 'tool'], 'uvx pkg >=1,<2 floating'],
    [['uvx', '--with', 'numpy', '--python', '3.12', 'pkg'], 'uvx pkg - floating [pkg numpy]'],
    [
      ['uvx', '--from', 'git+https://github.com/oraios/serena', 'serena'],
      'uvx git+https://github.com/oraios/serena git+https://github.com/oraios/serena floating',
    ],
    [
      ['uvx', '--from', 'git+https://github.com/x/y@main', 'y'],
      'uvx git+https://github.com/x/y@main git+https://github.com/x/y@main floating',
    ],
    [
      ['uvx', '--from', 'git+ssh://git@github.com/x/y@v1.2', 'y'],
      'uvx git+ssh://github.com/x/y@v1.2 git+ssh://github.com/x/y@v1.2 floating',
    ],
    [['uvx', '--from', 'pkg @ git+https://t0k3n@example.com/a', 'x'], 'uvx pkg git+https://example.com/a floating'],
    [['uv', 'tool', 'run', 'pkg@1.0'], 'uvx pkg 1.0 pinned'],
    [['uv', '--directory', '/srv/app', 'run', 'server.py'], 'python server.py'],
    [['uv', 'run', '--with', 'mcp[cli]', 'mcp', 'run', '/srv/server.py'], 'python /srv/server.py'],
    [['uv', 'run', 'python', '-m', 'my_server'], 'python my_server'],
    [['uv', 'run', '-m', 'my_server'], 'python my_server'],
    [['uv', 'run', 'my-server'], 'unknown'],
    [['pipx', 'run', 'pkg'], 'pipx pkg - floating'],
    [['pipx', 'run', '--spec', 'pkg==2.0', 'tool'], 'pipx pkg ==2.0 pinned'],
    [['python', '-m', 'mcp_server', '--port', '1'], 'python mcp_server'],
    [['/usr/bin/python3.12', '-u', 'server.py'], 'python server.py'],
    [['py', '-3', '-m', 'mcp_server'], 'python mcp_server'],
    [['python3', '-c', 'print(1)'], 'python -'],
  ])('%j', ([command = '', ...args], expected) => {
    expect(said(command, ...args)).toBe(expected)
  })
})

describe('scripts, images, programs', () => {
  it.each<[string[], string]>([
    [['node', '/srv/a/dist/index.js', '--x'], 'node /srv/a/dist/index.js'],
    [['node', '--experimental-strip-types', '-r', 'dotenv/config', 'server.ts'], 'node server.ts'],
    [['node', '-e', 'code'], 'node -'],
    [['C:\\nodejs\\node.exe', 'C:\\srv\\index.js'], 'node C:\\srv\\index.js'],
    [['tsx', 'watch', 'src/index.ts'], 'node src/index.ts'],
    [['bun', 'run', 'index.ts'], 'bun index.ts'],
    [['deno', 'run', '-A', 'npm:pkg@1.0.0'], 'deno npm:pkg@1.0.0'],
    [['deno', '-A', 'jsr:@s/pkg'], 'deno jsr:@s/pkg'],
    [
      ['docker', 'run', '-i', '--rm', '-e', 'TOKEN', 'ghcr.io/github/github-mcp-server'],
      'docker ghcr.io/github/github-mcp-server - - floating',
    ],
    [['docker', 'run', '-ie', 'A=b', '--name', 'n', 'mcp/fetch:1.0', 'serve'], 'docker mcp/fetch 1.0 - floating'],
    [
      ['docker', 'run', '-it', '-v', '/a:/b', '--mount', 'type=bind,src=/a,dst=/b', `mcp/fs@${digest}`],
      'docker mcp/fs - sha256:012 pinned',
    ],
    [['docker', '--debug', 'container', 'run', '-eA=b', 'localhost:5000/x:2'], 'docker localhost:5000/x 2 - floating'],
    [['podman', 'run', '--env=A=b', '--', 'x'], 'podman x - - floating'],
    [['docker', 'mcp', 'gateway', 'run'], 'unknown'],
    [['docker', 'exec', '-i', 'c', 'run'], 'unknown'],
    [['docker', 'run', '-i'], 'unknown'],
    [['cmd', '/c', 'npx', '-y', 'x@1.0.0'], 'npx x 1.0.0 pinned'],
    [['cmd.exe', '/d', '/s', '/c', 'npx -y "x@1.0.0" --a'], 'npx x 1.0.0 pinned'],
    [['env', '-u', 'A', 'FOO=bar', 'BAZ=1', 'npx', 'x'], 'npx x - floating'],
    [['/usr/bin/env', 'node', 'server.js'], 'node server.js'],
    [['sudo', '-E', 'uvx', 'x'], 'uvx x - floating'],
    [['op', 'run', '--env-file=.env', '--', 'npx', 'x@1.0.0'], 'npx x 1.0.0 pinned'],
    [['bash', '-lc', 'npx x'], 'shell'],
    [['powershell', '-Command', 'x'], 'shell'],
    [['wsl', 'npx', 'x'], 'unknown'],
    [['npx -y x@1.0.0'], 'npx x 1.0.0 pinned'],
    [['/opt/server/bin/mcp', 'stdio'], 'binary /opt/server/bin/mcp'],
    [['/Applications/My App/server'], 'binary /Applications/My App/server'],
    [['mcp-server-git'], 'binary mcp-server-git'],
    [['~/bin/server'], 'binary ~/bin/server'],
    [[''], 'unknown'],
    [['env', 'env', 'env', 'env', 'env', 'env', 'npx', 'x'], 'unknown'],
    [['sk-ant-api03-0123456789abcdef'], 'unknown'],
  ])('%j', ([command = '', ...args], expected) => {
    expect(said(command, ...args)).toBe(expected)
  })
})

it('says what the arguments are', () => {
  const { roles } = analyseLaunch('docker', ['run', '-e', 'A=b', '-e', 'C', 'mcp/x', 'serve'])
  expect([...roles]).toEqual([
    [2, 'assignment'],
    [4, 'passed-name'],
    [5, 'image'],
  ])
})
