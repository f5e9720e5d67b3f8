# ./dev down

. deploy/dev/demo.sh

run_verb() {
  case ${1:-} in
    -h|--help)
      echo "Usage: ./dev down"
      echo "Stops what ./dev up started. Data, keys and logs stay in run/."
      return ;;
    '') ;;
    *) die "down takes no options, found '$1'" ;;
  esac
  demo_dir=$PWD/run
  demo_stop_all
  say "Stopped. The data stays in run/; ./dev up goes on with it."
}
