import { Button, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { signOut, useSession } from '../api/session'
import { Failed } from '../parts/failed'
import { Inline } from '../parts/outside-text'
import { Time } from '../parts/time'

/** Who is signed in, by what, with which roles; and out again. */
export function You() {
  const { data } = useSession()
  const [failed, setFailed] = useState<Error | null>(null)
  if (data === undefined || data.session === null) return null
  const { person, name, roles, how, until } = data.session
  return (
    <section aria-labelledby="you">
      <Title order={2} size="h3" mb="sm" id="you">
        You
      </Title>
      <Stack gap="xs" align="flex-start" mb="xl">
        <Text>
          <Inline>{name}</Inline> (<Inline>{person}</Inline>),{' '}
          {roles.length === 0
            ? 'without a role'
            : `with ${roles.length === 1 ? 'the role' : 'the roles'} ${roles.join(', ')}`}
          .
        </Text>
        <Text size="sm">
          {how === 'link'
            ? 'Signed in with the link of this machine'
            : `Signed in with ${data.signsInWith ?? 'the provider'}`}
          ; it ends <Time at={until} /> at the latest.
        </Text>
        <Button variant="default" className="no-print" onClick={() => void signOut().catch(setFailed)}>
          Sign out
        </Button>
        {failed !== null && <Failed error={failed} />}
      </Stack>
    </section>
  )
}
