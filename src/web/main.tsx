/** Entry of the stand-alone console. */
import '@patternfly/react-core/dist/styles/base.css'
import './ui/console.css'
import './app/frame.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from './app/App.tsx'

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
