# The demonstration city: a broker, central, two parks with their boxes, and simulated meters, all on loopback, with
# all state in one folder. Used by ./dev up, by the end-to-end test and by the benches.
#
#   demo_prepare DIR [REPLAY]   ports, keys, certificates, configurations
#   demo_start NAME             broker, central, metersim, or a site: lvye-01, jiuyuan-01
#   demo_kill NAME [SIGNAL]     ends it, SIGTERM by default, and waits until it has ended
#   demo_join SITE              enrols a site's box with a one-time code, over central's API
#   demo_wait_port NAME         waits until the program's port answers
#   demo_users                  makes the users of the demonstration, each with a random password in DIR/passwords

demo_bin=${demo_bin:-$PWD/build/release/bin}
demo_sites=(lvye-01 jiuyuan-01)

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

demo_prepare() {
  demo_dir=$1
  local replay=${2:-}
  mkdir -p "$demo_dir/log" "$demo_dir/pid" "$demo_dir/central"
  if [ ! -f "$demo_dir/ports" ]; then
    local name next=${demo_first_port:-8443}
    : >"$demo_dir/ports.new"
    for name in CENTRAL_WEB LVYE_WEB JIUYUAN_WEB BROKER LVYE_LINE_1 LVYE_LINE_2 LVYE_REPLAY JIUYUAN_LINE_1; do
      while ! port_is_free "$next"; do next=$((next + 1)); done
      echo "$name=$next" >>"$demo_dir/ports.new"
      next=$((next + 1))
    done
    mv "$demo_dir/ports.new" "$demo_dir/ports"
  fi
  . "$demo_dir/ports"
  if [ ! -f "$demo_dir/pki/city.toml" ]; then
    "$demo_bin/yuanbanctl" pki init --dir "$demo_dir/pki" --city 150200 --broker-name 127.0.0.1 --broker-name localhost
  fi
  "$demo_bin/yuanbanctl" broker config --pki "$demo_dir/pki" --port "$BROKER" --dir "$demo_dir/broker"
  demo_fill deploy/demo/central.toml "$demo_dir/central/central.toml"
  local site file
  : >"$demo_dir/sim.toml"
  for site in "${demo_sites[@]}"; do
    mkdir -p "$demo_dir/$site"
    for file in edge.toml field.toml; do demo_fill "deploy/demo/$site/$file" "$demo_dir/$site/$file"; done
    # Line keys are unique within a park; the simulator plays all parks at once.
    demo_fill "deploy/demo/$site/sim.toml" /dev/stdout | sed "s/^key = \"line/key = \"$site-line/" >>"$demo_dir/sim.toml"
  done
  demo_sim_options=()
  if [ -n "$replay" ]; then demo_add_replay "$replay"; fi
}

demo_fill() {
  local script="s|@PAGES@|$PWD/dashboards/web/dist|; s|@PROFILES@|$PWD/firmware-config/profiles|; s|@CASES@|$PWD/firmware-config/cases|; s|@DEMO@|$PWD/deploy/demo|" name port
  while IFS='=' read -r name port; do script="$script; s|@$name@|$port|g"; done <"$demo_dir/ports"
  sed "$script" "$1" >"$2"
}

# The steel plant and the 24 water meters of a folder of measured readings, as one more line of the first park.
demo_add_replay() {
  local meter
  {
    printf '\n[[line]]\nkey = "lvye-01-replay"\nlisten = "127.0.0.1:%s"\n' "$LVYE_REPLAY"
    printf '\n[[line.meter]]\nprotocol = "DLT645-2007"\naddress = "2018"\ncsv = "electricity_steel_15min.csv"\nct_ratio = 10\n'
    for meter in $(seq -w 1 24); do
      printf '\n[[line.meter]]\nprotocol = "CJT188"\naddress = "2016%s"\ncsv = "water_hourly.csv"\ncsv_meter = "W%s"\n' "$meter" "$meter"
    done
  } >>"$demo_dir/sim.toml"
  {
    printf '\n[[line]]\nkey = "replay"\nkind = "tcp"\nhost = "127.0.0.1"\nport = %s\n' "$LVYE_REPLAY"
    printf '\n[[line.meter]]\nkey = "steel"\nname = "钢厂馈线（回放）"\nprofile = "dlt645-2007-basic"\naddress = "000000002018"\ninterval_s = 5\nct = 10\n'
    for meter in $(seq -w 1 24); do
      printf '\n[[line.meter]]\nkey = "w%s"\nname = "水表 W%s（回放）"\nprofile = "cjt188-water"\naddress = "000000002016%s"\ninterval_s = 10\n' \
        "$meter" "$meter" "$meter"
    done
  } >>"$demo_dir/lvye-01/field.toml"
  demo_sim_options=(--replay "$1" --speed "${demo_speed:-60}")
}

demo_start() {
  local name=$1
  local command=()
  case $name in
    broker) command=(mosquitto -c "$demo_dir/broker/mosquitto.conf") ;;
    metersim) command=("$demo_bin/metersim" --config "$demo_dir/sim.toml" --log "$demo_dir/truth.jsonl" "${demo_sim_options[@]}") ;;
    central) command=("$demo_bin/yuanban-central" --config "$demo_dir/central/central.toml") ;;
    *) command=("$demo_bin/yuanban-edge" --config "$demo_dir/$name/edge.toml") ;;
  esac
  # setsid: a Ctrl-C meant for ./dev does not end it.
  setsid "${command[@]}" >>"$demo_dir/log/$name.log" 2>&1 </dev/null &
  echo $! >"$demo_dir/pid/$name"
}

demo_runs() {
  local pid
  pid=$(cat "$demo_dir/pid/$1" 2>/dev/null) || return 1
  # A pid may have been given to somebody else since: the name decides.
  kill -0 "$pid" 2>/dev/null && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "$demo_dir/"
}

# Whether one that this shell has just started is not there any more. Until it is loaded its command line is another's.
demo_ended() {
  local pid
  pid=$(cat "$demo_dir/pid/$1" 2>/dev/null) && [ -d "/proc/$pid" ] || return 0
  grep -qs '^State:[[:space:]]*Z' "/proc/$pid/status"
}

demo_kill() {
  local name=$1 signal=${2:-TERM} i
  if demo_runs "$name"; then
    local pid
    pid=$(cat "$demo_dir/pid/$name")
    kill "-$signal" "$pid" 2>/dev/null || true
    for i in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      # A killed child of this very shell stays as a zombie until it is waited for.
      wait "$pid" 2>/dev/null || true
      sleep 0.1
    done
    if kill -0 "$pid" 2>/dev/null; then kill -KILL "$pid" 2>/dev/null || true; fi
  fi
  rm -f "$demo_dir/pid/$name"
}

demo_port_of() {
  case $1 in
    broker) echo "$BROKER" ;;
    central) echo "$CENTRAL_WEB" ;;
    metersim) echo "$JIUYUAN_LINE_1" ;;
    lvye-01) echo "$LVYE_WEB" ;;
    jiuyuan-01) echo "$JIUYUAN_WEB" ;;
  esac
}

demo_wait_port() {
  local name=$1 port i
  port=$(demo_port_of "$name")
  for i in $(seq 600); do
    if ! port_is_free "$port"; then return 0; fi
    if demo_ended "$name"; then break; fi
    sleep 0.1
  done
  tail -n 15 "$demo_dir/log/$name.log" >&2
  echo "$name does not answer on port $port; its log: $demo_dir/log/$name.log" >&2
  return 1
}

demo_join() {
  local site=$1 name code
  [ -f "$demo_dir/$site/identity/enrolment.toml" ] && return 0
  name=$(sed -n 's/^name = "\(.*\)"/\1/p' "$demo_dir/$site/edge.toml")
  code=$("$demo_bin/yuanbanctl" pki issue-code --dir "$demo_dir/pki" --site "$site" --name "$name" | grep -o -m1 'YB1-[0-9A-Z-]*' | head -n 1)
  "$demo_bin/yuanbanctl" enroll --central "https://127.0.0.1:$CENTRAL_WEB" --code "$code" --dir "$demo_dir/$site/identity"
}

# Stops at the first that does not start, whoever calls it.
demo_start_all() {
  local program site
  for program in broker metersim central; do
    demo_start "$program" && demo_wait_port "$program" || return 1
  done
  for site in "${demo_sites[@]}"; do
    demo_join "$site" && demo_start "$site" && demo_wait_port "$site" || return 1
  done
  demo_users
}

# Of each program an administrator, who is all three at first, a security administrator and an auditor (三员); a clerk at
# each box, and at central one user for each other role. Passwords are kept, for the next time; a user that came with a
# later version gets one then.
demo_users() {
  local program
  (
    umask 077
    touch "$demo_dir/passwords"
    for program in admin security auditor it coordinator leader clerk approver1 approver2 supervisor; do
      grep -q "^$program=" "$demo_dir/passwords" ||
        echo "$program=$(head -c 12 /dev/urandom | base64 | tr '+/' 'xy')" >>"$demo_dir/passwords"
    done
  )
  demo_user central admin 系统管理员 administrator
  demo_user central it 铝业信息员 park_it --site lvye-01
  demo_user central coordinator 协调员 coordinator
  demo_user central leader 领导 leader
  demo_user central approver1 李审批 approver --department 市自然资源局
  demo_user central approver2 王会签 approver --department 市住房和城乡建设局
  demo_user central supervisor 赵督办 supervisor
  for program in "${demo_sites[@]}"; do
    demo_user "$program" admin 系统管理员 administrator
    demo_user "$program" clerk 张窗口 clerk
  done
  for program in central "${demo_sites[@]}"; do
    demo_user "$program" security 安全管理员 security_administrator
    demo_user "$program" auditor 审计管理员 auditor
    # 三员分立: the first one gives away what others hold now. It says nothing where it has done so before.
    "$demo_bin/yuanbanctl" user role --data "$demo_dir/$program/data" admin --role administrator >/dev/null
  done
}

# demo_user PROGRAM NAME DISPLAY-NAME ROLE [OPTION…]: adds the user where it is missing.
demo_user() {
  local program=$1 name=$2 display_name=$3 role=$4
  shift 4
  local data="$demo_dir/$program/data"
  "$demo_bin/yuanbanctl" user list --data "$data" | grep -q "^$name " && return 0
  demo_password "$name" | "$demo_bin/yuanbanctl" user add --data "$data" "$name" --display-name "$display_name" --role "$role" "$@"
}

demo_password() { sed -n "s/^$1=//p" "$demo_dir/passwords"; }

demo_stop_all() {
  local name
  for name in "${demo_sites[@]}" metersim central broker; do demo_kill "$name"; done
}

# demo_get PROGRAM PATH: the body, over TLS, with the token of the program's own folder.
demo_get() {
  curl -ksS --max-time 10 -H "Authorization: Bearer $(cat "$demo_dir/$1/data/admin-token")" \
    "https://127.0.0.1:$(demo_port_of "$1")$2"
}
