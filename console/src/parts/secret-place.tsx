import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'

/** How each store is called, and what has to be said of it. */
const kinds: Readonly<Record<string, { label: string; asks?: { label: string; before: string; example: string } }>> = {
  file: { label: 'a file that only its owner reads' },
  keyring: { label: 'the keyring of the system' },
  '1password': { label: '1Password', asks: { label: 'Vault of 1Password', before: 'op://', example: 'Private' } },
  vault: {
    label: 'HashiCorp Vault',
    asks: { label: 'Folder, the mount first', before: 'vault:', example: 'secret/mcp' },
  },
}

interface Props {
  /** The stores that the machine has, beside a file. */
  stores: readonly string[]
  isBusy: boolean
  /** In the words of `--secrets-to`. */
  choose(secretsTo: string): void
}

/** Where a secret that is moved shall go, of what the machine of the door has. */
export function SecretPlace({ stores, isBusy, choose }: Props) {
  const [kind, setKind] = useState('file')
  const [named, setNamed] = useState('')
  const asks = kinds[kind]?.asks
  const words = asks === undefined ? kind : `${asks.before}${named.trim()}`
  const data = ['file', ...stores].map((value) => ({ value, label: kinds[value]?.label ?? value }))
  return (
    <Group align="end" gap="sm" mb="md" className="no-print">
      <NativeSelect
        label="Where the secret goes"
        data={data}
        value={kind}
        onChange={({ currentTarget }) => setKind(currentTarget.value)}
      />
      {asks !== undefined && (
        <TextInput
          label={asks.label}
          placeholder={asks.example}
          value={named}
          onChange={({ currentTarget }) => setNamed(currentTarget.value)}
        />
      )}
      <Button
        variant="default"
        disabled={isBusy || (asks !== undefined && named.trim() === '')}
        onClick={() => choose(words)}
      >
        Plan it so
      </Button>
    </Group>
  )
}
