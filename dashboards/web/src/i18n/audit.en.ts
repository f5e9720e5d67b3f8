// Texts of the record of acts.
export default {
  audit: {
    title: 'Record of acts',
    caption: 'Record of acts, newest first',
    who: 'Who', whoHint: 'user name', what: 'What', subject: 'Of what', detail: 'Details', remote: 'From', time: 'Time', when: 'When',
    shell: 'shell on the machine', nobody: 'not logged in',
    kind: {
      all: 'All', session: 'Log-in and log-out', refused: 'Refused', user: 'Users', alarm: 'Alarms', configuration: 'Configuration', line: 'Lines',
      resend: 'Re-sending',
    },
    period: { all: 'All', today: 'Today', '7d': 'Last 7 d', '30d': 'Last 30 d', custom: 'Custom' },
    from: 'From', to: 'To', find: 'Search', reset: 'Reset',
    act: {
      user_add: 'user added', user_change: 'user changed', session_begin: 'logged in', session_end: 'logged out', session_revoke: 'ended a session',
      session_refused: 'log-in refused', setup_refused: 'set-up code refused', password_refused: 'change of password refused', alarm: 'acted on an alarm',
      check: 'checked a configuration', apply: 'applied a configuration', keep: 'kept a configuration', rollBack: 'rolled a configuration back',
      scan: 'scanned a line', read: 'read a meter once', stop: 'stopped a scan', propose: 'tried a meter', resend: 're-sending', password: 'changed the password',
    },
    word: { roles: 'roles', sites: 'sites', disabled: 'disabled', new_password: 'new password' },
    outcome: { done: 'done', refused: 'refused ({status})', failed: 'failed ({status})' },
    older: 'Older', newest: 'Newest', shown: '{first} ～ {last}, {n} lines',
    empty: 'No lines match', emptyNext: 'Choose another condition, or reset', none: 'No acts yet',
    kept: 'Lines are never changed and never deleted',
  },
}
