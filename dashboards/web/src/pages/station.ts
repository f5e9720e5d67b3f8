// The pages of cases share nearly all they need, so they come together: one request instead of six.
export { default as CasePage } from './CasePage.vue'
export { default as DecidePage } from './DecidePage.vue'
export { default as InboxPage } from './InboxPage.vue'
export { default as WindowPage } from './WindowPage.vue'
export { default as WindowStart } from './WindowStart.vue'
