// Texts of the record of acts.
export default {
  audit: {
    title: '操作记录',
    caption: '操作记录，新的在上',
    who: '谁', whoHint: '用户名', what: '做了什么', subject: '对象', detail: '详情', remote: '来自', time: '时间', when: '期间',
    shell: '本机命令行', nobody: '未登录',
    kind: {
      all: '全部', session: '登录与退出', refused: '被拒绝的', user: '用户管理', directory: '用户名录', alarm: '报警处理', configuration: '配置', documents: '参考文件', line: '线路与调试',
      resend: '补传', cases: '办件',
    },
    period: { all: '全部', today: '今天', '7d': '近 7 天', '30d': '近 30 天', custom: '自定义' },
    from: '从', to: '到', find: '查询', reset: '重置',
    act: {
      user_add: '添加用户', user_change: '更改用户', session_begin: '登录', session_end: '退出登录', session_revoke: '结束他人的登录',
      session_refused: '登录被拒', setup_refused: '初始化码被拒', password_refused: '修改密码被拒', alarm: '处理报警', check: '检查配置', apply: '应用配置',
      keep: '保留配置', rollBack: '回退配置', scan: '扫描线路', read: '读一次表', stop: '停止扫描', propose: '试加一块表', resend: '补传', password: '修改密码',
      directory_apply: '采用市级用户名录', directory_extend: '市级用户离线登录延期', configuration_fall_back: '自动回退配置', publish: '发布参考文件', enroll: '登记盒子',
      receive: '收件', search: '查找办件', duplicates: '收件前查重', caseAct: '办理办件', unmask: '查看原文', erase: '销毁个人信息', print: '打印文书', upload: '上传材料', takeScan: '取用扫描件', dropDraft: '清除草稿',
    },
    older: '更早', newest: '回到最新', shown: '{first} ～ {last}，{n} 条',
    empty: '没有符合条件的记录', emptyNext: '换一个条件，或重置', none: '还没有操作记录',
    kept: '记录不能改、不能删',
  },
}
