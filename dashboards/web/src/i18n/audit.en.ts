// Texts of the record of acts.
export default {
  audit: {
    title: 'Record of acts',
    caption: 'Record of acts, newest first',
    who: 'Who', whoHint: 'user name', what: 'What', subject: 'Of what', detail: 'Details', remote: 'From', time: 'Time', when: 'When',
    shell: 'shell on the machine', nobody: 'not logged in',
    kind: {
      all: 'All', session: 'Log-in and log-out', refused: 'Refused', user: 'Users', directory: 'Directory', alarm: 'Alarms', configuration: 'Configuration', documents: 'Reference documents', line: 'Lines',
      resend: 'Re-sending', cases: 'Cases',
    },
    period: { all: 'All', today: 'Today', '7d': 'Last 7 d', '30d': 'Last 30 d', custom: 'Custom' },
    from: 'From', to: 'To', find: 'Search', reset: 'Reset',
    act: {
      user_add: 'user added', user_change: 'user changed', session_begin: 'logged in', session_end: 'logged out', session_revoke: 'ended a session',
      session_refused: 'log-in refused', setup_refused: 'set-up code refused', password_refused: 'change of password refused', alarm: 'acted on an alarm',
      check: 'checked a configuration', apply: 'applied a configuration', keep: 'kept a configuration', rollBack: 'rolled a configuration back',
      scan: 'scanned a line', read: 'read a meter once', stop: 'stopped a scan', propose: 'tried a meter', resend: 're-sending', password: 'changed the password',
      directory_apply: 'took up the users of the city', directory_extend: 'extended the term of the users of the city', configuration_fall_back: 'fell back by itself',
      publish: 'published a reference document', enroll: 'enrolled a box', receive: 'received a case', search: 'searched cases', duplicates: 'looked for duplicates', caseAct: 'acted on a case',
      unmask: 'saw what is masked', erase: 'destroyed personal information', print: 'printed a paper', upload: 'uploaded a file', takeScan: 'took a scanned file', dropDraft: 'cleared a draft',
    },
    older: 'Older', newest: 'Newest', shown: '{first} ～ {last}, {n} lines',
    empty: 'No lines match', emptyNext: 'Choose another condition, or reset', none: 'No acts yet',
    kept: 'Lines are never changed and never deleted',
  },
}
