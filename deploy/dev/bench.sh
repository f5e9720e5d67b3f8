# ./dev bench

run_verb() {
  local name=${1:-}
  case $name in
    -h|--help|'')
      cat <<'TEXT'
Usage: ./dev bench NAME
Builds the release programs and measures. The last line on standard output is one JSON object; figures of one run are to be
compared with each other (the ratios), not with those of another machine.
  ingest             a backlog from a box over TLS and the broker to central's synced commit, against coding and store alone
  bytes-per-reading  what a reading costs at the block device over its whole life at a box, and what is kept of it for good;
                     on a loop device with ext4, or, without one, as the kernel counts it for the process
  query              a year by hours and a raw day of one point, through central's routes
TEXT
      return ;;
    ingest|bytes-per-reading|query) ;;
    *) die "there is no bench '$name'; see ./dev bench --help" ;;
  esac
  local program=${name//-/_}_bench
  step "Install packages" packages "${build_packages[@]}" "${run_packages[@]}"
  step "Fetch CivetWeb" fetch_civetweb
  case $name in
    ingest) step "Build the release programs and the bench" build_preset release yb_programs "$program" ;;
    *) step "Build the bench" build_preset release "$program" ;;
  esac
  program=build/release/bench/$program
  case $name in
    ingest) "$program" "$PWD/build/release/bin" "$PWD" ;;
    bytes-per-reading) bench_on_device "$program" ;;
    query) "$program" ;;
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
