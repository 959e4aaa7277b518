import type { ManagedDocument } from '@upkeep/contract/change-document'
import { stampOf } from '@upkeep/domain/distance'
import { type Block, facts, list } from './document-block.ts'

type Who = ManagedDocument['who']

const verifiedWords = {
  holds: 'verified by the key in force then',
  'does-not-hold': 'does not verify',
  none: 'not signed: presence not proven',
}

/** Who decided, and what a stranger needs to check each signature with nothing of ours. */
export function approvalBlocks({ approvals, requester }: Who): Block[] {
  if (approvals.length === 0) return list(['nobody approved it'])
  return approvals.flatMap((approval): Block[] => {
    const ended = approval.endedAt === null ? '' : `, ended ${stampOf(approval.endedAt)}`
    const rows: (readonly [string, string])[] = [
      [approval.decision === 'approved' ? 'Approved by' : 'Refused by', `${approval.person} as ${approval.role}`],
      ...(approval.onBehalfOf === undefined
        ? []
        : [['By the right of', `${approval.onBehalfOf}, who delegated it`] as const]),
      ['On', `${stampOf(approval.at)}, until ${stampOf(approval.until)}${ended}`],
      ['Signature', verifiedWords[approval.verified]],
    ]
    if (approval.person === requester)
      rows.push(['Separation', 'separation of duties is not met: they asked for it themselves'])
    for (const test of approval.waives ?? []) rows.push(['In spite of', `the failed test "${test}"`])
    if (approval.reason !== null) rows.push(['Because', approval.reason])
    return [facts(rows), ...signatureBlocks(approval)]
  })
}

function signatureBlocks({ person, statement, signature, allowedSigner, passkey }: Who['approvals'][number]): Block[] {
  if (signature === null) return []
  if (passkey !== undefined) return passkeyBlocks(statement, signature, passkey)
  const how = `ssh-keygen -Y verify -f signers -I ${person} -n upkeep -s statement.sig < statement`
  return [
    ...list([`Save the three texts below as statement, statement.sig and signers, then: ${how}`]),
    { kind: 'code', text: statement },
    { kind: 'code', text: signature },
    ...(allowedSigner === null ? [] : [{ kind: 'code' as const, text: `${allowedSigner}\n` }]),
  ]
}

function passkeyBlocks(statement: string, signature: string, passkey: string): Block[] {
  return [
    ...list([
      'Signed with a passkey. The challenge in clientDataJSON is the SHA-256 of the first text; the signature is by the passkey of the third, over authenticatorData and the SHA-256 of clientDataJSON',
    ]),
    { kind: 'code', text: statement },
    { kind: 'code', text: `${signature}\n` },
    { kind: 'code', text: `${passkey}\n` },
  ]
}
