import { createRouter, createWebHistory } from 'vue-router'

import CompletenessPage from './pages/CompletenessPage.vue'
import ConfigurationPage from './pages/ConfigurationPage.vue'
import LinePage from './pages/LinePage.vue'
import LinesPage from './pages/LinesPage.vue'
import AccountPage from './pages/AccountPage.vue'
import NotFoundPage from './pages/NotFoundPage.vue'
import PointPage from './pages/PointPage.vue'
import SitePage from './pages/SitePage.vue'
import SitesPage from './pages/SitesPage.vue'
import UplinkPage from './pages/UplinkPage.vue'
import WhyPage from './pages/WhyPage.vue'
import UsersPage from './pages/UsersPage.vue'

// These pages share most of what they need, so they come with the entry; ECharts does not.
export function createPages() {
  return createRouter({
    history: createWebHistory('/'),
    routes: [
      { path: '/', redirect: { name: 'sites' } },
      { path: '/sites', name: 'sites', component: SitesPage },
      { path: '/sites/:site', name: 'site', component: SitePage, props: true },
      {
        path: '/sites/:site/points/:point(\\d+)',
        name: 'point',
        component: PointPage,
        props: (route) => ({ site: route.params['site'], point: Number(route.params['point']) }),
      },
      {
        path: '/sites/:site/points/:point(\\d+)/why',
        name: 'why',
        component: WhyPage,
        props: (route) => ({ site: route.params['site'], point: Number(route.params['point']) }),
      },
      { path: '/completeness', name: 'completeness', component: CompletenessPage },
      { path: '/lines', name: 'lines', component: LinesPage },
      { path: '/lines/:line', name: 'line', component: LinePage, props: true },
      { path: '/configuration', name: 'configuration', component: ConfigurationPage },
      { path: '/uplink', name: 'uplink', component: UplinkPage },
      { path: '/users', name: 'users', component: UsersPage },
      { path: '/account', name: 'account', component: AccountPage },
      // What a link to the first set-up becomes once there is a user.
      { path: '/setup', redirect: { name: 'sites' } },
      { path: '/:rest(.*)*', name: 'not-found', component: NotFoundPage },
    ],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })
}
