# ./dev check

run_verb() {
  local lint=all
  while [ $# -gt 0 ]; do
    case $1 in
      -h|--help)
        echo "Usage: ./dev check [--no-lint]"
        echo "Formatting, clang-tidy, the structure test (who may include whom) and the pages' own checks."
        echo "  --no-lint   leave clang-tidy out, which takes minutes"
        return ;;
      --no-lint) lint=none ;;
      *) die "check does not know '$1'; see ./dev check --help" ;;
    esac
    shift
  done
  step "Install packages" packages "${build_packages[@]}" "${check_packages[@]}" $(web_packages)
  check_quick
  if [ $lint = all ]; then
    step "Fetch CivetWeb" fetch_civetweb
    step "Configure for lint" build_preset dev yb_contract
    step "Lint" lint_all
  fi
  step "Install the pages' packages" install_web
  step "Check the pages" check_web
  print_times
}

check_quick() {
  step "Check the formatting" check_format
  step "Check the structure" bash tests/structure/check_structure.sh
}

check_format() {
  git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp' | xargs clang-format-14 --dry-run --Werror ||
    { echo "run ./dev format"; return 1; }
}

lint_all() {
  git ls-files --cached --others --exclude-standard -- 'core/*.cpp' 'edge/*.cpp' 'central/*.cpp' 'tools/*.cpp' |
    xargs -P "$jobs" -n 4 clang-tidy-14 -p build/dev --quiet --extra-arg=-Wno-unknown-warning-option
}

check_web() {
  cd dashboards/web
  npm run check
}
