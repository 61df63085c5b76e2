import { lazy, Suspense } from 'react'
import { ErrorBoundary } from './ui/error-boundary'
import { SignIn } from './session/sign-in'
import { useSession } from './session/use-session'
import { Workspace } from './shell/workspace'
import { WorkspaceProvider } from './shell/workspace-provider'

const Inspector = lazy(() => import('./inspector/inspector'))

/** Who is signed in decides what is shown; the path decides which of two pages. */
export function App() {
  return (
    <ErrorBoundary>
      <Page />
    </ErrorBoundary>
  )
}

function Page() {
  const { session, signIn, signOut } = useSession()
  if (!session) return <SignIn onSignIn={signIn} />
  if (location.pathname.endsWith('/inspector')) {
    return (
      <Suspense fallback={null}>
        <Inspector session={session} />
      </Suspense>
    )
  }
  return (
    <WorkspaceProvider key={session.user} session={session}>
      <Workspace session={session} onSignOut={signOut} />
    </WorkspaceProvider>
  )
}
