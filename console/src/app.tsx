import { type ComponentType, lazy, Suspense } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { useSession } from './api/session'
import { Empty } from './parts/states'
import { Page, Shell } from './shell/shell'
import { OrUndrawn } from './shell/undrawn'

function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return lazy(async () => ({ default: (await load())[name] }))
}

const SignIn = lazy(async () => ({ default: (await import('./pages/sign-in')).SignIn }))

// Each page is a file of its own: the first one shown does not wait for the others.
const Today = page(() => import('./pages/today'), 'Today')
const Fleet = page(() => import('./pages/fleet'), 'Fleet')
const Server = page(() => import('./pages/server'), 'Server')
const Findings = page(() => import('./pages/findings'), 'Findings')
const FindingPage = page(() => import('./pages/finding'), 'FindingPage')
const Changes = page(() => import('./pages/changes'), 'Changes')
const Change = page(() => import('./pages/change'), 'Change')
const Calendar = page(() => import('./pages/calendar'), 'Calendar')
const Evidence = page(() => import('./pages/evidence'), 'Evidence')
const RecordPage = page(() => import('./pages/record'), 'RecordPage')
const Settings = page(() => import('./pages/settings'), 'Settings')

export function App() {
  const { data, isPending } = useSession()
  // It comes from memory: nothing is drawn that would be taken away at once.
  if (isPending) return <div aria-busy="true" />
  if (data !== undefined && data.session === null)
    return (
      <Suspense fallback={<div aria-busy="true" />}>
        <SignIn shown={data} />
      </Suspense>
    )
  return <Console />
}

function Console() {
  const [path] = useLocation()
  return (
    <Shell>
      <OrUndrawn path={path}>
        <Suspense fallback={<div aria-busy="true" />}>
          <Switch>
            <Route path="/" component={Today} />
            <Route path="/fleet" component={Fleet} />
            <Route path="/fleet/:name" component={Server} />
            <Route path="/findings" component={Findings} />
            <Route path="/findings/:id" component={FindingPage} />
            <Route path="/changes" component={Changes} />
            <Route path="/changes/:id" component={Change} />
            <Route path="/calendar" component={Calendar} />
            <Route path="/evidence" component={Evidence} />
            <Route path="/evidence/:id" component={RecordPage} />
            <Route path="/settings" component={Settings} />
            <Route>
              <Page title="Nothing is here">
                <Empty>There is no page under this address. The pages are on the left.</Empty>
              </Page>
            </Route>
          </Switch>
        </Suspense>
      </OrUndrawn>
    </Shell>
  )
}
