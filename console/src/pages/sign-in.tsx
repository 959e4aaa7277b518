import { Alert, Button, Code, Stack, Text, Title } from '@mantine/core'
import { useLocation } from 'wouter'
import type { SessionShown } from '../api/session'
import { SchemeSwitch } from '../shell/scheme-switch'

/** Stands at every address while nobody is signed in. */
export function SignIn({ shown }: { shown: SessionShown }) {
  const { signsInWith, problem } = shown
  return (
    <main className="sign-in" id="main">
      <title>Sign in · upkeep</title>
      <Stack gap="md" align="stretch">
        <Title order={1} size="h2">
          upkeep
        </Title>
        {problem !== null && (
          <Alert color="red" variant="outline" title={problem.message} role="alert">
            <Text size="sm">{problem.action}</Text>
          </Alert>
        )}
        {signsInWith === null ? <ByLink /> : <WithProvider host={signsInWith} />}
        <SchemeSwitch />
      </Stack>
    </main>
  )
}

function WithProvider({ host }: { host: string }) {
  const [path] = useLocation()
  return (
    <>
      <Text>Your team signs in with its provider. You come back to this page.</Text>
      <Button component="a" href={`/sign-in?${new URLSearchParams({ to: path })}`}>
        Sign in with {host}
      </Button>
      <Text size="sm">
        Who is named in <Code>upkeep.yaml</Code> gets in, with the roles that stand there.
      </Text>
    </>
  )
}

function ByLink() {
  return (
    <>
      <Text fw={600}>Nobody is signed in.</Text>
      <Text>
        Press Enter where <Code>upkeep serve</Code> runs: it prints a link that opens once.
      </Text>
    </>
  )
}
