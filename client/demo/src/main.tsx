import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { keepPage } from './offline/register'
import { showTheme, storedTheme } from './ui/theme'
import '../../react/styles.css'
import './style.css'

showTheme(storedTheme())
keepPage()
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
