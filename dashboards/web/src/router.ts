import { createRouter, createWebHistory } from 'vue-router'

import NotFoundPage from './pages/NotFoundPage.vue'
import PointPage from './pages/PointPage.vue'
import SitePage from './pages/SitePage.vue'
import SitesPage from './pages/SitesPage.vue'

const station = () => import('./pages/station')

// These pages share most of what they need, so they come with the entry; the others do not.
export function createPages() {
  return createRouter({
    history: createWebHistory('/'),
    routes: [
      // Where somebody begins depends on who it is: StaffApp.vue.
      { path: '/', name: 'home', component: { render: () => null } },
      { path: '/sites', name: 'sites', component: SitesPage },
      { path: '/sites/:site', name: 'site', component: SitePage, props: true },
      {
        path: '/sites/:site/points/:point(\\d+)',
        name: 'point',
        component: PointPage,
        props: (route) => ({ site: route.params['site'], point: Number(route.params['point']) }),
      },
      { path: '/alarms', name: 'alarms', component: () => import('./pages/AlarmsPage.vue') },
      {
        path: '/alarms/:site/:alarm',
        name: 'alarm',
        component: () => import('./pages/AlarmPage.vue'),
        props: true,
      },
      {
        path: '/sites/:site/points/:point(\\d+)/why',
        name: 'why',
        component: () => import('./pages/WhyPage.vue'),
        props: (route) => ({ site: route.params['site'], point: Number(route.params['point']) }),
      },
      { path: '/window', name: 'window', component: () => station().then((pages) => pages.WindowStart) },
      // Each draft has a page of its own, begun anew.
      { path: '/window/:draft', name: 'window-draft', component: () => station().then((pages) => pages.WindowPage), props: true, meta: { fresh: true } },
      { path: '/cases', name: 'cases', component: () => station().then((pages) => pages.InboxPage) },
      { path: '/sites/:site/cases/:id', name: 'case', component: () => station().then((pages) => pages.CasePage), props: true, meta: { fresh: true } },
      {
        path: '/sites/:site/cases/:id/decide',
        name: 'decide',
        component: () => station().then((pages) => pages.DecidePage),
        props: true,
        meta: { fresh: true },
      },
      { path: '/completeness', name: 'completeness', component: () => import('./pages/CompletenessPage.vue') },
      { path: '/lines', name: 'lines', component: () => import('./pages/LinesPage.vue') },
      { path: '/lines/:line', name: 'line', component: () => import('./pages/LinePage.vue'), props: true },
      { path: '/configuration', name: 'configuration', component: () => import('./pages/ConfigurationPage.vue') },
      { path: '/documents', name: 'documents', component: () => import('./pages/DocumentsPage.vue') },
      { path: '/uplink', name: 'uplink', component: () => import('./pages/UplinkPage.vue') },
      { path: '/users', name: 'users', component: () => import('./pages/UsersPage.vue') },
      { path: '/audit', name: 'audit', component: () => import('./pages/AuditPage.vue') },
      { path: '/account', name: 'account', component: () => import('./pages/AccountPage.vue') },
      // What a link to the first set-up becomes once there is a user.
      { path: '/setup', redirect: { name: 'home' } },
      { path: '/:rest(.*)*', name: 'not-found', component: NotFoundPage },
    ],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })
}
