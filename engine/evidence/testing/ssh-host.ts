import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'

/** A real SSH server on loopback that runs what it is told in a shell, and the client's configuration for reaching it as `witness`. */
export interface SshHost {
  readonly options: readonly string[]
  readonly commands: readonly string[]
  close(): void
}

/** Starts the server; commands run with `home` as their home. Null where there is no ssh client. */
export async function startSshHost(folder: string, home: string): Promise<SshHost | null> {
  if (spawnSync('ssh', ['-V']).status !== 0) return null
  mkdirSync(folder, { recursive: true })
  const key = (name: string) => {
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(folder, name)])
    return readFileSync(join(folder, name), 'utf8')
  }
  const hostKey = key('host')
  key('client')
  const commands: string[] = []
  const allowed = ssh2.utils.parseKey(readFileSync(join(folder, 'client.pub')))
  if (allowed instanceof Error) throw allowed
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('authentication', (context) => {
      const known = context.method === 'publickey' && context.key.data.equals(allowed.getPublicSSH())
      const verified = known && (!context.signature || allowed.verify(context.blob ?? Buffer.of(), context.signature))
      if (verified === true) context.accept()
      else context.reject(['publickey'])
    })
    client.on('error', () => undefined)
    client.on('session', (accept) => accept().on('exec', (take, _refuse, { command }) => execute(take(), command)))
  })
  function execute(channel: ssh2.ServerChannel, command: string): void {
    commands.push(command)
    const child = spawn('sh', ['-c', command], { cwd: home, env: { HOME: home, PATH: process.env.PATH } })
    // A command that never reads, such as one that fails at once, closes its end first.
    child.stdin.on('error', () => undefined)
    channel.pipe(child.stdin)
    child.on('close', (code) => {
      channel.exit(code ?? 1)
      channel.end()
    })
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const config = configure(folder, readFileSync(join(folder, 'host.pub'), 'utf8').trim(), portOf(server.address()))
  return { options: ['-F', config], commands, close: () => server.close() }
}

function portOf(address: ReturnType<ssh2.Server['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen')
  return address.port
}

function configure(folder: string, hostKey: string, port: number): string {
  writeFileSync(join(folder, 'known'), `witness ${hostKey}\n`)
  const lines = {
    HostName: '127.0.0.1',
    HostKeyAlias: 'witness',
    Port: port,
    User: 'keeper',
    IdentityFile: join(folder, 'client'),
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: join(folder, 'known'),
  }
  const text = Object.entries(lines).map(([name, value]) => `  ${name} ${value}\n`)
  const path = join(folder, 'config')
  writeFileSync(path, `Host witness\n${text.join('')}`)
  return path
}
