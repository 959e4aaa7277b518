import { Button, Card, Code, Group, List, NativeSelect, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { readFile, useRead } from '../api/client'
import { Failed } from '../parts/failed'
import { saveBytes } from '../parts/save-file'

/** The pack that an auditor takes along, and how it is checked by somebody who trusts nothing here. */
export function EvidencePack() {
  const duties = useRead('duties', {})
  const [duty, setDuty] = useState('')
  const [since, setSince] = useState('')
  const query = new URLSearchParams({ ...(duty !== '' && { duty }), ...(since !== '' && { since }) }).toString()
  const taking = useMutation({
    mutationFn: async () => {
      const pack = await readFile(`/api/v1/evidence/export${query === '' ? '' : `?${query}`}`)
      saveBytes(pack, 'upkeep-evidence.json')
    },
  })
  const all = { value: '', label: 'every duty' }
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="pack" className="no-print">
      <Title order={2} size="h4" id="pack">
        For an auditor
      </Title>
      <Text size="sm" className="prose" mt="xs">
        One file with the records, what they rest on, every leaf of the ledger and its signed heads. Who has the role
        auditor gets it.
      </Text>
      <Group align="flex-end" mt="sm" gap="sm">
        <NativeSelect
          label="What belongs to"
          data={[all, ...(duties.data?.duties ?? []).map(({ id, title }) => ({ value: id, label: title }))]}
          value={duty}
          onChange={(event) => setDuty(event.currentTarget.value)}
        />
        <TextInput
          label="Sealed since"
          type="date"
          value={since}
          onChange={(event) => setSince(event.currentTarget.value)}
        />
        <Button loading={taking.isPending} onClick={() => taking.mutate()}>
          Download the pack
        </Button>
      </Group>
      {taking.error !== null && <Failed error={taking.error} />}
      <Text size="sm" mt="md">
        To check it, on any machine with Node 18 or later and without this product:
      </Text>
      <List size="sm" type="ordered" className="prose">
        <List.Item>
          Take <Code>upkeep-verify.mjs</Code> from the source of the product, not from here: one file of under 300
          lines, to be read first.
        </List.Item>
        <List.Item>
          <Code>node upkeep-verify.mjs upkeep-evidence.json</Code> says valid, or names each record that is not what was
          sealed.
        </List.Item>
        <List.Item>
          With <Code>--checkpoint</Code> and a head that was kept elsewhere, and <Code>--key</Code> with the public key
          of the beginning, nothing that was sealed by then can be missing.
        </List.Item>
        <List.Item>
          Without a command line: save <Code>upkeep-verify.html</Code> from the same place, open it and choose the pack.
          It is the same verifier, and it sends nothing.
        </List.Item>
      </List>
    </Card>
  )
}
