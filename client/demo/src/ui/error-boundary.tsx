import { Component, type ReactNode } from 'react'
import { Empty } from './empty'

/** In place of a page that could not be drawn: edits are on the device, so that loading it again loses nothing. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <main className="failed">
        <Empty icon="alert" title="Something went wrong on this page">
          <p>What you wrote is kept on this device.</p>
          <button type="button" className="button primary" onClick={() => location.reload()}>Load it again</button>
        </Empty>
      </main>
    )
  }
}
