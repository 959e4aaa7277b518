import { Component, type ReactNode } from 'react'
import { Failed } from '../parts/failed'
import { Page } from './shell'

interface Props {
  /** The address that is shown: another one is drawn anew. */
  readonly path: string
  readonly children: ReactNode
}

/** Where a page cannot be drawn, such as when a part of it does not arrive, it says so; the other pages stay within reach. */
export class OrUndrawn extends Component<Props, { readonly error: Error | null }> {
  override state = { error: null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override componentDidUpdate(before: Props) {
    if (before.path !== this.props.path && this.state.error !== null) this.setState({ error: null })
  }

  override render() {
    if (this.state.error === null) return this.props.children
    const error = new Error('This page could not be drawn. Nothing was changed by that.')
    return (
      <Page title="Not drawn">
        <Failed error={error} again={() => window.location.reload()} />
      </Page>
    )
  }
}
