/** What is done with a page when it is no longer its user's. */
import { clusterPrefix } from '../../host/cluster-prefix.ts'
import { forgetUser } from '../../ui/stored-choice.ts'
import { discardUnsavedWork } from '../../ui/unsaved-work.ts'

function forgetAll(): void {
  discardUnsavedWork()
  forgetUser()
}

/** Loads the same page for who is signed in now; all that the page knew goes with it. */
export function goAsOther(): void {
  forgetAll()
  location.reload()
}

/** To the provider's own page for signing out, or to where one may sign in again. */
export function goSignedOut(redirect: string | undefined): void {
  forgetAll()
  location.assign(redirect ?? `${clusterPrefix}/`)
}
