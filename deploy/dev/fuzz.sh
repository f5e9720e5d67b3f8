# ./dev fuzz

run_verb() {
  local seconds=60
  while [ $# -gt 0 ]; do
    case $1 in
      -h|--help)
        echo "Usage: ./dev fuzz [--seconds N]"
        echo "Builds the fuzz targets with clang and runs each for N seconds (60). Findings go to build/fuzz/findings/."
        return ;;
      --seconds)
        [[ ${2:-} =~ ^[0-9]+$ ]] || die "--seconds takes a whole number, found '${2:-}'"
        seconds=$2
        shift ;;
      *) die "fuzz does not know '$1'; see ./dev fuzz --help" ;;
    esac
    shift
  done
  step "Install packages" packages "${build_packages[@]}" "${fuzz_packages[@]}"
  step "Fetch CivetWeb" fetch_civetweb
  fuzz_for "$seconds"
}

fuzz_for() {
  step "Build the fuzz targets" build_preset fuzz yb_fuzz_targets
  step "Fuzz each target for $1 s" run_fuzz "$1"
}

run_fuzz() {
  mkdir -p build/fuzz/findings
  python3 tests/fuzz/make_seeds.py build/fuzz/seeds
  local target seeds name
  for target in build/fuzz/fuzz/*; do
    [ -x "$target" ] || continue
    name=$(basename "$target")
    seeds=build/fuzz/seeds/$name
    mkdir -p "build/fuzz/corpus/$name"
    echo "== $name"
    "$target" -max_total_time="$1" -max_len=4096 -print_final_stats=1 -artifact_prefix=build/fuzz/findings/ \
      "build/fuzz/corpus/$name" $([ -d "$seeds" ] && echo "$seeds") || return 1
  done
}
