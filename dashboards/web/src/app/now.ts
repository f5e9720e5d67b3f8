// The present as pages show it: the server's clock, moved on once a second by the only timer of the page, which rests
// while nobody looks.
import { shallowRef, type Ref } from 'vue'

import type { ServerClock } from '@/api/server_clock'
import type { TimeUs } from '@/format/time'

export function startNow(clock: ServerClock, page: Document): Ref<TimeUs> {
  const now = shallowRef(clock.nowUs())
  let timer: ReturnType<typeof setInterval> | null = null
  const tick = () => (now.value = clock.nowUs())
  const follow = () => {
    if (timer !== null) clearInterval(timer)
    timer = page.hidden ? null : setInterval(tick, 1000)
    tick()
  }
  page.addEventListener('visibilitychange', follow)
  follow()
  return now
}
