import { signatureNamespace } from '@upkeep/domain/changes/signed-statements'
import { checkAssertion, isPasskey } from './passkey.ts'
import { type CheckedSignature, checkSignature } from './ssh-signature.ts'

/** Checks what a person signed, by whichever kind of key is theirs. */
export function checkPersonSignature(key: string, signature: string, statement: string): CheckedSignature {
  if (isPasskey(key)) return checkAssertion(key, signature, statement)
  return checkSignature(key, signature, Buffer.from(statement, 'utf8'), signatureNamespace)
}
