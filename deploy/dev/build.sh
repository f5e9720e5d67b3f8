# ./dev build

run_verb() {
  case ${1:-} in
    -h|--help)
      echo "Usage: ./dev build"
      echo "Builds the release programs into build/release/bin/ and the pages into dashboards/web/dist/."
      return ;;
    '') ;;
    *) die "build takes no options, found '$1'" ;;
  esac
  step "Install packages" packages "${build_packages[@]}" $(web_packages)
  build_release
  say "Programs: build/release/bin/   Pages: dashboards/web/dist/"
}

build_release() {
  step "Fetch CivetWeb" fetch_civetweb
  step "Build the release programs" build_preset release yb_programs
  step "Build the pages" build_web
}
