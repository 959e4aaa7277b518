import { ActionIcon, AppShell, Burger, Group, Modal, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useCallback } from 'react'
import { Link, useLocation } from 'wouter'
import { useChanged } from '../api/changed'
import { useRead } from '../api/client'
import { useSession } from '../api/session'
import { Inline, visibleText } from '../parts/outside-text'
import { StatusMark } from '../parts/status'
import { keys, useKeyboard } from './keyboard'
import { isAt, places } from './navigation'
import { SchemeSwitch } from './scheme-switch'

/** What stands around every page. */
export function Shell({ children }: { children: ReactNode }) {
  const [path, navigate] = useLocation()
  const [isOpen, menu] = useDisclosure(false)
  const [isHelp, help] = useDisclosure(false)
  const connection = useChanged()
  const go = useCallback((to: string) => navigate(to), [navigate])
  useKeyboard(go, help.open)
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Pages"
              aria-expanded={isOpen}
            />
            <Text component="span" fw={700}>
              upkeep
            </Text>
            <Stamps />
          </Group>
          <Group gap="xs" wrap="nowrap">
            {connection === 'lost' && (
              <span role="status">
                <StatusMark status="unknown" word="not connected: this may be old" />
              </span>
            )}
            <ActionIcon variant="default" size="lg" onClick={help.open} aria-label="Keys" title="Keys (?)">
              ?
            </ActionIcon>
            <WhoIsHere />
            <SchemeSwitch />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages" className="navigation" data-folded={!isOpen}>
        {places.map(({ path: to, name }) => (
          <Link key={to} href={to} onClick={menu.close} {...(isAt(path, to) && { 'aria-current': 'page' })}>
            {name}
          </Link>
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        {children}
      </AppShell.Main>
      <Modal opened={isHelp} onClose={help.close} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
        <Table>
          <Table.Tbody>
            {[...keys, ...places.map(({ name, letter }) => ({ keys: `g ${letter}`, does: name }))].map((one) => (
              <Table.Tr key={one.keys}>
                <Table.Th>{one.keys}</Table.Th>
                <Table.Td>{one.does}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </AppShell>
  )
}

/** What every page must say of where its facts come from. */
function Stamps() {
  const { data } = useRead('duties', {})
  const { stamps } = Object(data) as { stamps?: string[] }
  return stamps?.map((stamp) => (
    <Text key={stamp} span size="sm" fw={600} className="stamp">
      {stamp}
    </Text>
  ))
}

/** Who is signed in; more of it is in the settings. */
function WhoIsHere() {
  const { data } = useSession()
  if (data === undefined || data.session === null) return null
  return (
    <Text component={Link} href="/settings" size="sm" visibleFrom="sm" className="who" title="You, and signing out">
      <Inline>{data.session.name}</Inline>
    </Text>
  )
}

/** The head of a page: its name is the first heading, and the title of the document. */
export function Page({
  title,
  crumbs = [],
  children,
}: {
  title: string
  crumbs?: readonly { name: string; to: string }[]
  children: ReactNode
}) {
  return (
    <>
      <title>{`${visibleText(title)} · upkeep`}</title>
      {crumbs.length > 0 && (
        <Text component="nav" size="sm" aria-label="Where this is" mb={4}>
          {crumbs.map(({ name, to }) => (
            <span key={to}>
              <Link href={to}>{name}</Link>
              {' / '}
            </span>
          ))}
        </Text>
      )}
      <Title order={1} size="h2" mb="md">
        <Inline>{title}</Inline>
      </Title>
      {children}
    </>
  )
}
