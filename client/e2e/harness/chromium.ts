import { existsSync } from 'node:fs'

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where the browser is; undefined: nowhere. Throws if CHROMIUM names what is not there. */
export function chromiumPath(): string | undefined {
  const { CHROMIUM } = process.env
  if (CHROMIUM === undefined) return usual.find(path => existsSync(path))
  if (!existsSync(CHROMIUM)) throw new Error(`CHROMIUM is ${CHROMIUM}, and that is not there`)
  return CHROMIUM
}

/**
 * What Chromium is to leave out. The last list that it is given counts, so this one has Playwright's too. The popups of the address
 * bar, which nobody sees here, are half the work of opening a window.
 */
const disabled = [
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'LensOverlay',
  'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints',
  'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch',
]

/** How Chromium is started. */
export const launchArgs = ['--disable-dev-shm-usage', '--disable-quic', '--disable-component-update', `--disable-features=${disabled.join(',')}`]

/** For who has no browser. */
export const noChromium = `e2e: nothing was tested in a browser: that takes Chromium, and none is at ${usual.join(', ')}.
     Install it (\`make tools\`, or apt-get install chromium), or say where one is: CHROMIUM=/path/to/chrome npm run e2e`
