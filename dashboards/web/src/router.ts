import { createRouter, createWebHistory } from 'vue-router'

import SitesPage from './pages/SitesPage.vue'

export function createPages() {
  return createRouter({
    history: createWebHistory('/'),
    routes: [
      { path: '/', redirect: { name: 'sites' } },
      { path: '/sites', name: 'sites', component: SitesPage },
      { path: '/sites/:site', name: 'site', component: () => import('./pages/SitePage.vue'), props: true },
      {
        path: '/sites/:site/points/:point(\\d+)',
        name: 'point',
        component: () => import('./pages/PointPage.vue'),
        props: (route) => ({ site: route.params['site'], point: Number(route.params['point']) }),
      },
      { path: '/:rest(.*)*', name: 'not-found', component: () => import('./pages/NotFoundPage.vue') },
    ],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })
}
