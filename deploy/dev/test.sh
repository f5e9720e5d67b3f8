# ./dev test

run_verb() {
  while [ $# -gt 0 ]; do
    case $1 in
      -h|--help)
        cat <<'TEXT'
Usage: ./dev test
Installs what is missing, builds the release programs and everything under AddressSanitizer and
UndefinedBehaviorSanitizer, runs every test, and prints where the time went. Logs: build/logs/
TEXT
        return ;;
      *) die "test does not know '$1'; see ./dev test --help" ;;
    esac
    shift
  done
  . deploy/dev/build.sh
  . deploy/dev/check.sh
  . deploy/dev/fuzz.sh
  rm -f build/logs/*.log
  step "Install packages" packages "${build_packages[@]}" "${run_packages[@]}" "${browser_packages[@]}" "${fuzz_packages[@]}" \
    "${field_packages[@]}" "${monitoring_packages[@]}" "${paper_packages[@]}" \
    clang-format-14 curl sqlite3 $(web_packages)
  check_quick
  step "Fetch CivetWeb" fetch_civetweb
  step "Build under ASan and UBSan" build_preset asan all
  step "Unit and integration tests under ASan and UBSan" run_ctest asan -LE "e2e|chaos"
  step_beside "The line under faults, under ASan and UBSan" run_faults
  step "Build under TSan" build_preset tsan yb_tsan_tests
  step "Tests under TSan" run_ctest tsan -L tsan
  fuzz_for 5
  step "Install the pages' packages" install_web
  step "Check the pages" check_web
  step "Unit tests of the pages" web_script test
  step "Build the pages" build_web
  step "Budget of the pages" web_script budget
  step "Build the release programs" build_preset release yb_programs
  step_join
  step "Browser tests, stand-in server and real programs" browser_tests
  print_times
  print_result
}

# They mostly wait, so more of them run at once than there are cores.
run_faults() { jobs=4 run_ctest asan -L "e2e|chaos"; }

run_ctest() {
  local preset=$1
  shift
  ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$jobs" "$@"
}

web_script() {
  cd dashboards/web
  npm run "$1"
}

# Both parts: the pages against a stand-in, and the real programs on ports of their own, in a folder of their own, whatever else runs on this machine.
browser_tests() {
  . deploy/dev/demo.sh
  demo_first_port=18443
  demo_dir=$PWD/build/browser-run
  demo_stop_all
  rm -rf "$demo_dir"
  demo_prepare "$demo_dir"
  trap demo_stop_all EXIT
  demo_start_all
  cd dashboards/web
  YB_E2E_DEMO_DIR=$demo_dir YB_E2E_USER=admin YB_E2E_PASSWORD=$(demo_password admin) \
    YB_E2E_CENTRAL_URL="https://127.0.0.1:$CENTRAL_WEB" YB_E2E_EDGE_URL="https://127.0.0.1:$LVYE_WEB" npm run test:browser
}

# The sum over all runners, in the words that every reader of a build knows.
print_result() {
  local passed=0 count
  for count in $(grep -hoE 'tests passed, 0 tests failed out of [0-9]+' build/logs/*.log | grep -oE '[0-9]+$'); do
    passed=$((passed + count))
  done
  for count in $(sed 's/\x1b\[[0-9;]*m//g' build/logs/*.log | grep -aE '^ *Tests ' | grep -oE '[0-9]+ passed' | grep -oE '[0-9]+'); do
    passed=$((passed + count))
  done
  printf '\n%d passed, 0 failed\n' "$passed"
}
