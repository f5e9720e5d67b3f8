# ./dev bench

run_verb() {
  local name=${1:-} programs
  case $name in
    -h|--help|'')
      cat <<'TEXT'
Usage: ./dev bench NAME
Builds the release programs and measures. The last line on standard output is one JSON object; figures of one run are to be
compared with each other (the ratios), not with those of another machine.
  bytes-per-reading
           what a reading costs at the block device over its life at a box, and what is kept of it for good; on a loop device
           with ext4, or, without one, as the kernel counts it for the process
  drain    30 days of 1,000 points drain after an outage while live values and alarms go on: rate, time to resume, ages;
           then under 256 kbit/s with 20 MB waiting
  edge-footprint
           memory and processor time of a box: 1,000 points on 8 paced lines, 30 days stored, three pages open, ten minutes
  ingest   a backlog from a box over TLS and the broker to central's synced commit, and until it is in series and roll-ups,
           each against the same work in one process
  new-box  what a box that takes the place of another waits for: the cases under way, all cases, its whole past; in work and
           bytes, and on a line of 256 kbit/s (start_ratio)
  pages    central's answers for 30 sites of 1,000 points: the list of sites, one site, and 200 viewers at once
  query    a year by hours and a raw day of one point, through central's routes
  station  cases accepted per second, synced, against bare commits of the same bytes; a station's act to central, also while
           a history drains; an inbox of 100,000 cases; the cost of an event at 1,000,000 against 10,000
  poll     8 paced lines of 2400 baud at once: requests per second as a share of what the bus allows (line_share)
TEXT
      return ;;
    drain|ingest|station) programs=yb_programs ;;
    edge-footprint|pages) programs=yb_programs ;;
    poll) programs=metersim ;;
    bytes-per-reading|new-box|query) programs='' ;;
    *) die "there is no bench '$name'; see ./dev bench --help" ;;
  esac
  local bench=${name//-/_}_bench
  step "Install packages" packages "${build_packages[@]}" "${run_packages[@]}"
  step "Fetch CivetWeb" fetch_civetweb
  step "Build the release programs and the bench" build_preset release ${programs:+"$programs"} "$bench"
  case $name in
    bytes-per-reading) bench_on_device "build/release/bench/$bench" ;;
    new-box|query) "build/release/bench/$bench" ;;
    *) "build/release/bench/$bench" "$PWD/build/release/bin" "$PWD" ;;
  esac
}

# Runs a bench with a folder on a file system of its own and the name of its loop device; without one, with a folder.
bench_on_device() {
  local folder device=''
  folder=$(mktemp -d)
  truncate -s 1G "$folder/image"
  mkdir "$folder/mount"
  mkfs.ext4 -q -F "$folder/image"
  device=$(losetup -f --show "$folder/image" 2>/dev/null) || device=''
  if [ -n "$device" ] && ! mount -o noatime,lazytime "$device" "$folder/mount"; then
    losetup -d "$device"
    device=''
  fi
  local status=0
  "$1" "$folder/mount" ${device:+"$(basename "$device")"} || status=$?
  if [ -n "$device" ]; then
    umount "$folder/mount"
    losetup -d "$device"
  fi
  rm -rf "$folder"
  return $status
}
