import { createApp, shallowRef, watchEffect } from 'vue'

import './styles/element.css'
import './styles/tokens.css'
import './styles/base.css'

import { ApiClient } from './api/client'
import { ServerClock } from './api/server_clock'
import App from './App.vue'
import { keepPageFromFiles } from './app/file_drag'
import { createLogIn, type LogIn } from './app/log_in'
import { startNow } from './app/now'
import { loadPreferences } from './app/preferences'
import { kSession } from './app/session'
import { applyPreferences } from './app/theme'
import type { TimeUs } from './format/time'
import { createTexts } from './i18n'
import { createPages } from './router'

const preferences = loadPreferences(localStorage)
const theme = applyPreferences(preferences, document.documentElement)
const clock = new ServerClock({ monotonicMs: () => performance.now(), wallMs: () => Date.now() })
const lostSinceUs = shallowRef<TimeUs | null>(null)
const client = new ApiClient({
  fetch: (...args) => fetch(...args),
  clock,
  locale: () => preferences.locale,
  onReach: (reached) => {
    lostSinceUs.value = reached ? null : (lostSinceUs.value ?? clock.nowUs())
  },
  onLoggedOut: () => logIn.onLoggedOut(),
})
const logIn: LogIn = createLogIn(client, document)
const texts = createTexts(preferences.locale)
watchEffect(() => (texts.global.locale.value = preferences.locale))

keepPageFromFiles(window)

createApp(App)
  .use(texts)
  .use(createPages())
  .provide(kSession, {
    client, clock, preferences, theme, lostSinceUs, now: startNow(clock, document), announcement: shallowRef(''), logIn,
  })
  .mount('#app')
