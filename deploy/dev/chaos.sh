# ./dev chaos

run_verb() {
  local options=() preset=asan
  while [ $# -gt 0 ]; do
    case $1 in
      -h|--help)
        cat <<'TEXT'
Usage: ./dev chaos [--faults N] [--seed S] [--plan KIND,KIND…] [--release]
Starts a small city of real programs (broker, central, a box, simulated meters), breaks it N times (40) at seeded random
moments, lets it recover, and looks for every answer of the meters at central. The last line on standard output is the
result in JSON. It fails if a reading is lost or doubled, or more is excused than the kills of the box can explain.
  --faults N    how many faults; each kind about equally often
  --seed S      the same seed makes the same plan
  --plan …      these faults in this order: edge_kill, broker_kill, central_kill, uplink_cut, uplink_slow, broker_wipe,
                disk_full, edge_restore, edge_file_rollback, edge_ledger_lost, central_restore, clock_jump
  --release     the release programs; otherwise those under AddressSanitizer, as ./dev test builds them
TEXT
        return ;;
      --faults|--seed)
        [[ ${2:-} =~ ^[0-9]+$ ]] || die "$1 takes a whole number, found '${2:-}'"
        options+=("$1" "$2")
        shift ;;
      --plan)
        [ -n "${2:-}" ] || die "--plan takes kinds of faults, see ./dev chaos --help"
        options+=("$1" "$2")
        shift ;;
      --release) preset=release ;;
      *) die "chaos does not know '$1'; see ./dev chaos --help" ;;
    esac
    shift
  done
  step "Install packages" packages "${build_packages[@]}" "${run_packages[@]}"
  step "Fetch CivetWeb" fetch_civetweb
  step "Build the programs" build_preset "$preset" yb_programs yb_chaos
  run_chaos "$preset" "${options[@]}"
}

# run_chaos PRESET [OPTION…]
run_chaos() {
  local preset=$1
  shift
  "build/$preset/chaos/yb_chaos" --programs "$PWD/build/$preset/bin" --project "$PWD" "$@"
}
