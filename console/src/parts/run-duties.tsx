import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useWrite } from '../api/client'
import { Failed } from './failed'
import { ForRole } from './for-role'

/** Looks at everything now, saying what it is at. It starts nothing and changes nothing. */
export function RunDuties({ label = 'Look again now' }: { label?: string }) {
  return (
    <ForRole kind="write" name="scan" what="Having upkeep look now">
      <RunNow label={label} />
    </ForRole>
  )
}

function RunNow({ label }: { label: string }) {
  const scan = useWrite('scan')
  const [at, setAt] = useState('')
  return (
    <Stack gap={4} className="no-print">
      <Button variant="default" loading={scan.isPending} onClick={() => scan.mutate({ events: { onProgress: setAt } })}>
        {label}
      </Button>
      <Text size="sm" role="status">
        {scan.isPending
          ? at
          : scan.data === undefined
            ? ''
            : `${scan.data.opened} opened, ${scan.data.resolved} resolved`}
      </Text>
      {scan.error !== null && <Failed error={scan.error} />}
    </Stack>
  )
}
