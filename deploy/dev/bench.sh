# ./dev bench

run_verb() {
  local name=${1:-} programs
  case $name in
    -h|--help|'')
      cat <<'TEXT'
Usage: ./dev bench NAME
Builds the release programs and measures. The last line on standard output is one JSON object; figures of one run are to be
compared with each other (the ratios), not with those of another machine.
  drain    30 days of 1,000 points drain after an outage while live values go on: rate, time to resume, age of live values
  ingest   a backlog from a box over TLS and the broker to central's synced commit, against coding and store alone
  poll     8 paced lines of 2400 baud at once: requests per second as a share of what the bus allows (line_share)
TEXT
      return ;;
    drain|ingest) programs=yb_programs ;;
    poll) programs=metersim ;;
    *) die "there is no bench '$name'; see ./dev bench --help" ;;
  esac
  step "Install packages" packages "${build_packages[@]}" "${run_packages[@]}"
  step "Fetch CivetWeb" fetch_civetweb
  step "Build the release programs and the bench" build_preset release "$programs" "${name}_bench"
  "build/release/bench/${name}_bench" "$PWD/build/release/bin" "$PWD"
}
