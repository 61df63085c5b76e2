import { createContext, useContext, useMemo, useState, type ReactNode } from 'react'
import { IndexedDbStorage } from '../../../src/index'
import type { ClientOptions } from '../../../src/index'
import { NotewireProvider } from '../../../react/index'
import { EventLog } from '../connection/event-log'
import type { Session } from '../session/session'

interface Workbench {
  readonly session: Session
  readonly log: EventLog
}

const WorkbenchContext = createContext<Workbench | null>(null)

/** The client of who is signed in, and what all parts of the page know of him. */
export function WorkspaceProvider({ session, children }: { session: Session; children: ReactNode }) {
  const [log] = useState(() => new EventLog())
  const [options] = useState(() => optionsOf(session, log))
  const workbench = useMemo(() => ({ session, log }), [session, log])
  return (
    <WorkbenchContext value={workbench}>
      <NotewireProvider options={options}>{children}</NotewireProvider>
    </WorkbenchContext>
  )
}

/** Who is signed in, and what has happened. */
export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext)
  if (!workbench) throw new Error('useWorkbench is for what is below a WorkspaceProvider')
  return workbench
}

function optionsOf(session: Session, log: EventLog): ClientOptions {
  return {
    token: session.token,
    account: () => session.user,
    // Two tabs may be two users. Each has a database, so that none opens with what the other saw last.
    storage: new IndexedDbStorage(`notewire ${session.user}`, navigator.locks !== undefined),
    onEvent: event => {
      if (event.type === 'state' && event.state.name === 'needs-auth') session.refused()
      log.add(event)
    },
  }
}
