# ./dev up

. deploy/dev/demo.sh

run_verb() {
  local replay='' fresh=no
  demo_speed=60
  while [ $# -gt 0 ]; do
    case $1 in
      -h|--help)
        cat <<'TEXT'
Usage: ./dev up [--replay DIR [--speed X]] [--fresh]
Installs, builds and starts a demonstration city on loopback: broker, central, two boxes, simulated meters.
  --replay DIR   adds a line that replays DIR/electricity_steel_15min.csv and DIR/water_hourly.csv
  --speed X      the replay runs X times faster than the clock (60)
  --fresh        forgets the data of earlier runs
Data, logs and keys lie in run/. ./dev down stops it; the next ./dev up goes on with the same data.
TEXT
        return ;;
      --replay)
        [ -d "${2:-}" ] || die "--replay takes a folder, found '${2:-}'"
        [ -f "$2/electricity_steel_15min.csv" ] && [ -f "$2/water_hourly.csv" ] ||
          die "$2 does not hold electricity_steel_15min.csv and water_hourly.csv"
        replay=$(cd "$2" && pwd)
        shift ;;
      --speed)
        [[ ${2:-} =~ ^[0-9]+$ ]] || die "--speed takes a whole number, found '${2:-}'"
        demo_speed=$2
        shift ;;
      --fresh) fresh=yes ;;
      *) die "up does not know '$1'; see ./dev up --help" ;;
    esac
    shift
  done
  . deploy/dev/build.sh
  step "Install packages" packages "${build_packages[@]}" "${run_packages[@]}" curl $(web_packages)
  build_release
  demo_dir=$PWD/run
  say "Stop what an earlier run left"
  demo_stop_all
  [ $fresh = no ] || rm -rf run
  say "Keys, certificates, configurations"
  demo_prepare "$PWD/run" "$replay" >>build/logs/prepare.log 2>&1 ||
    { tail -n 20 build/logs/prepare.log >&2; die "the demonstration could not be prepared. The log: build/logs/prepare.log"; }
  say "Start broker, meters, central and boxes"
  demo_start_all >>build/logs/start.log 2>&1 ||
    { tail -n 20 build/logs/start.log >&2; die "not everything started. Logs: build/logs/start.log, run/log/"; }
  say "Wait for the first live value at central"
  wait_for_value || die "no value reached central within 60 s. Logs: run/log/"
  cat <<TEXT

  City (市级平台)        https://127.0.0.1:$CENTRAL_WEB
  Park 铝业园区 (盒子)   https://127.0.0.1:$LVYE_WEB
  Park 九原工业园区      https://127.0.0.1:$JIUYUAN_WEB

  Log in as admin with $(demo_password admin) in each of them; at the city also as
    it           $(demo_password it)   (园区信息员 of 铝业园区 only)
    coordinator  $(demo_password coordinator)   (公用事业协调员)
    leader       $(demo_password leader)   (领导, reads only)
    approver1    $(demo_password approver1)   (市自然资源局, decides)
    approver2    $(demo_password approver2)   (市住房和城乡建设局, 会签)
    supervisor   $(demo_password supervisor)   (督办人员)
  at a park also as
    clerk        $(demo_password clerk)   (综窗人员, the window)
  and in each of them as
    security     $(demo_password security)   (安全管理员: users, erasing a person)
    auditor      $(demo_password auditor)   (审计管理员: the record of acts)
  The passwords are kept in run/passwords. The pages listen on this machine only. The certificates are the
  demonstration city's own, so the browser asks once. Logs: run/log/   Data: run/*/data/   What the meters said: run/truth.jsonl
  Stop: ./dev down
TEXT
}

wait_for_value() {
  local i
  for i in $(seq 60); do
    demo_get central /api/v1/sites/lvye-01/meters 2>/dev/null | grep -q '"quality":"good"' && return 0
    sleep 1
  done
  return 1
}
