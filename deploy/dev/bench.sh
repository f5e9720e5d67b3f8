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
  edge-footprint
           memory and processor time of a box: 1,000 points on 8 paced lines, 30 days stored, three pages open, ten minutes
  ingest   a backlog from a box over TLS and the broker to central's synced commit, against coding and store alone
  pages    central's answers for 30 sites of 1,000 points: the list of sites, one site, and 200 viewers at once
  poll     8 paced lines of 2400 baud at once: requests per second as a share of what the bus allows (line_share)
TEXT
      return ;;
    drain|ingest) programs=yb_programs ;;
    edge-footprint|pages) programs=yb_programs ;;
    poll) programs=metersim ;;
    *) die "there is no bench '$name'; see ./dev bench --help" ;;
  esac
  local bench=${name//-/_}_bench
  step "Install packages" packages "${build_packages[@]}" "${run_packages[@]}"
  step "Fetch CivetWeb" fetch_civetweb
  step "Build the release programs and the bench" build_preset release "$programs" "$bench"
  "build/release/bench/$bench" "$PWD/build/release/bin" "$PWD"
}
