import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { signatureNamespace } from '@upkeep/domain/changes/signed-statements'
import { asField } from '@upkeep/engine/kernel/ssh-key'
import type { PersonAtDoor, PersonalKey } from './context.ts'

/** Somebody at the door who says yes to everything, and signs with an Ed25519 key as `ssh-keygen -Y sign` would. */
export function presentPerson(): PersonAtDoor {
  const key = sshKey()
  return {
    style: { width: 80, colour: false, ascii: false, verbose: false },
    show: () => {},
    ask: async () => 'yes',
    askSecret: async () => null,
    keyAt: () => key,
    findKey: () => 'the key of the test',
  }
}

function sshKey(): PersonalKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const type = Buffer.from('ssh-ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const blob = Buffer.concat([type, raw].map(asField))
  return {
    line: `ssh-ed25519 ${blob.toString('base64')}`,
    presence: 'ssh-key',
    async sign(text) {
      const digest = createHash('sha512').update(text).digest()
      const parts = [signatureNamespace, '', 'sha512'].map((part) => Buffer.from(part))
      const signed = Buffer.concat([Buffer.from('SSHSIG'), ...[...parts, digest].map(asField)])
      const signature = Buffer.concat([type, sign(null, signed, privateKey)].map(asField))
      const body = Buffer.concat([
        Buffer.from('SSHSIG'),
        Buffer.from([0, 0, 0, 1]),
        ...[blob, ...parts, signature].map(asField),
      ])
      const lines = body.toString('base64').replace(/(.{70})/g, '$1\n')
      return `-----BEGIN SSH SIGNATURE-----\n${lines}\n-----END SSH SIGNATURE-----\n`
    },
  }
}
