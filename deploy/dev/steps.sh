# What the verbs of ./dev share: steps with progress and logs, packages, libraries that come as source.
# Sourced by ./dev at the root of the project.

logs=build/logs
mkdir -p "$logs"

step_names=()
step_seconds=()

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }

# die MESSAGE: one clear line, then the end.
die() {
  [ -z "${beside_pid:-}" ] || kill "$beside_pid" 2>/dev/null || true
  printf '\n./dev: %s\n' "$*" >&2
  exit 1
}

# step "NAME" COMMAND…: runs it with its output in a log, shows that it lives, and says where the log is if it fails.
step() {
  local name=$1
  shift
  local log="$logs/$(echo "$name" | tr -cs 'A-Za-z0-9' '-' | sed 's/-$//').log"
  local start=$SECONDS
  say "$name …"
  local status=0
  if [ -t 1 ]; then
    ("$@") >"$log" 2>&1 </dev/null &
    local pid=$!
    while kill -0 "$pid" 2>/dev/null; do
      printf '\r    %4ds  %-100.100s' $((SECONDS - start)) "$(tail -n 1 "$log" 2>/dev/null | tr -d '\r\033')"
      sleep 1
    done
    printf '\r%-110s\r' ''
    wait "$pid" || status=$?
  else
    ("$@") >"$log" 2>&1 </dev/null &
    local pid=$! last=$SECONDS
    while kill -0 "$pid" 2>/dev/null; do
      sleep 0.5
      if [ $((SECONDS - last)) -ge 30 ]; then
        last=$SECONDS
        printf '    %4ds  %-100.100s\n' $((SECONDS - start)) "$(tail -n 1 "$log" 2>/dev/null | tr -d '\r\033')"
      fi
    done
    wait "$pid" || status=$?
  fi
  step_names+=("$name")
  step_seconds+=($((SECONDS - start)))
  if [ $status -ne 0 ]; then
    tail -n 40 "$log" | sed 's/^/    | /' >&2
    die "$name went wrong after $((SECONDS - start)) s. The whole log: $log"
  fi
  printf '    %4ds  done\n' $((SECONDS - start))
}

# step_beside "NAME" COMMAND…: begins a step that mostly waits, beside the following ones; step_join waits for its end.
step_beside() {
  beside_name=$1
  shift
  beside_log="$logs/$(echo "$beside_name" | tr -cs 'A-Za-z0-9' '-' | sed 's/-$//').log"
  beside_start=$SECONDS
  say "$beside_name, beside what follows …"
  ("$@") >"$beside_log" 2>&1 </dev/null &
  beside_pid=$!
}

step_join() {
  local status=0 waited=$SECONDS
  say "Wait for: $beside_name …"
  wait "$beside_pid" || status=$?
  step_names+=("$beside_name (waited for)")
  step_seconds+=($((SECONDS - waited)))
  if [ $status -ne 0 ]; then
    tail -n 40 "$beside_log" | sed 's/^/    | /' >&2
    die "$beside_name went wrong. The whole log: $beside_log"
  fi
  printf '    %4ds  done, %d s in all\n' $((SECONDS - waited)) $((SECONDS - beside_start))
}

# Where the time went, as a table.
print_times() {
  local total=0 i
  printf '\n%-52s %8s\n' 'step' 'seconds'
  for i in "${!step_names[@]}"; do
    printf '%-52s %8d\n' "${step_names[$i]}" "${step_seconds[$i]}"
    total=$((total + step_seconds[i]))
  done
  printf '%-52s %8d\n' 'in all' "$total"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "packages have to be installed: run it as root, or install sudo"
  fi
}

# packages NAME…: installs what is missing, nothing where all is there.
packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${Status}\n' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  . /etc/os-release
  [ "${VERSION_CODENAME:-}" = bookworm ] || echo "note: written for Debian 12 (bookworm), this is ${PRETTY_NAME:-unknown}"
  echo "installing: ${missing[*]}"
  as_root apt-get update -q
  # The packages' own services are not ours: RUNLEVEL=1 keeps them from being started on a machine with an init.
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends "${missing[@]}"
}

build_packages=(
  build-essential ca-certificates ccache cmake dpkg-dev git ninja-build pkg-config
  libargon2-dev libcli11-dev libexpected-dev libgmock-dev libgtest-dev libbenchmark-dev libhowardhinnant-date-dev
  libmosquitto-dev libpaho-mqtt-dev libpaho-mqttpp-dev
  libprotobuf-dev libsqlite3-dev libssl-dev libtomlplusplus-dev libzstd-dev nlohmann-json3-dev prometheus-cpp-dev
  libcurl4-openssl-dev zlib1g-dev protobuf-compiler libpango1.0-dev libqrencode-dev
)
# fonts-noto-cjk: papers are printed with it.
run_packages=(faketime fonts-noto-cjk mosquitto mosquitto-clients openssl procps tzdata)
# Where another Node is installed already it serves; a fresh machine gets Debian's.
web_packages() { command -v npm >/dev/null || echo nodejs npm; }
browser_packages=(chromium fonts-noto-cjk)
# Programs of other makers that the field side is checked against.
field_packages=(mbpoll python3-pymodbus python3-serial python3-serial-asyncio socat)
# Programs of other makers that read papers back.
paper_packages=(poppler-utils zbar-tools)
# Prometheus with promtool: alert rules and dashboard are tried on the real one.
monitoring_packages=(prometheus)
fuzz_packages=(clang-14 libclang-rt-14-dev python3)
check_packages=(clang-format-14 clang-tidy-14)

# CivetWeb as Debian ships its source: the binary package is built for OpenSSL 1.1 and crashes on TLS. The list of
# sources is derived from the machine's own and thrown away again.
fetch_civetweb() {
  local target=build/deps/civetweb
  [ -f "$target/src/civetweb.c" ] && return 0
  local work
  work=$(mktemp -d)
  mkdir -p "$work/sources" "$work/lists/partial" "$work/source" build/deps
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    [ -e "$file" ] || continue
    case $file in
      *.sources) sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/sources/$(basename "$file")" ;;
      *.list) sed -n 's/^deb /deb-src /p' "$file" >"$work/sources/$(basename "$file")" ;;
    esac
  done
  local options=(-o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$work/sources"
                 -o "Dir::State::lists=$work/lists" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache=" -o "APT::Sandbox::User=")
  # A source list that some other software brought may have no sources of its own: only Debian's has to answer.
  apt-get "${options[@]}" update -q || true
  (cd "$work/source" && apt-get "${options[@]}" -q source civetweb)
  rm -rf "$target"
  mv "$work"/source/civetweb-*/ "$target"
  rm -rf "$work"
}

# Two cores are common; more are used where they are there.
jobs=$(nproc)

# build_preset PRESET [TARGET…]
build_preset() {
  local preset=$1
  shift
  local launcher=()
  command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_C_COMPILER_LAUNCHER=ccache)
  cmake --preset "$preset" "${launcher[@]}"
  cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"}
}

install_web() {
  cd dashboards/web
  # The same lock always gives the same tree: install again only when the lock has changed.
  cmp -s package-lock.json node_modules/.yuanban-lock && return 0
  npm ci --no-audit --no-fund
  cp package-lock.json node_modules/.yuanban-lock
}

build_web() {
  (install_web)
  local stamp=$PWD/build/web.sources sources
  cd dashboards/web
  # The same sources always give the same pages: built again only when one of them has changed.
  sources=$(find index.html package-lock.json tsconfig.json vite.config.ts src -type f -print0 | sort -z |
    xargs -0 sha256sum | sha256sum)
  [ -f dist/index.html ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sources" ] && return 0
  npm run build
  mkdir -p "$(dirname "$stamp")"
  echo "$sources" >"$stamp"
}
