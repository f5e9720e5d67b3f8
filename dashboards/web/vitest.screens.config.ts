// Photographs every page for people to look at (shared guide: sizes, languages, themes, states): `npm run screens`, or
// with YB_SCREENS=REGEX only those whose name matches. Into test-results/screens/, which nobody commits.
import { mergeConfig } from 'vitest/config'

import browser from './vitest.browser.config'

const config = mergeConfig(browser, {})
config.test.include = ['screens.ts']
config.test.testTimeout = 3_600_000
export default config
