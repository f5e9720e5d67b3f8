// Server: who answers this page and how its sites are, asked for once and shared by the frame and the pages.
import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue'

import { aboutPath, sitesPath } from '@/api/paths'
import type { About, SiteList } from '@/api/types'

import { usePolled, type Polled } from './polled'
import { useSession } from './session'

export interface Server {
  about: Polled<About>
  sites: Polled<SiteList>
  isEdge: ComputedRef<boolean>
}

const kServer: InjectionKey<Server> = Symbol('server')

// `sitesPeriodMs`: often on the page that lists them, seldom elsewhere, where only the strip needs them.
export function provideServer(sitesPeriodMs: () => number): Server {
  const { client } = useSession()
  const about = usePolled<About>({
    key: () => 'about',
    request: (signal) => client.get<About>(aboutPath(), signal),
    periodMs: () => null,
  })
  const sites = usePolled<SiteList>({
    key: () => 'sites',
    request: (signal) => client.get<SiteList>(sitesPath(), signal),
    periodMs: sitesPeriodMs,
  })
  const server: Server = {
    about,
    sites,
    isEdge: computed(() => about.data.value?.program === 'edge'),
  }
  provide(kServer, server)
  return server
}

export function useServer(): Server {
  const server = inject(kServer)
  if (!server) throw new Error('useServer() is called outside App.vue')
  return server
}
