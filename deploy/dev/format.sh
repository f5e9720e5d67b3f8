# ./dev format

cpp_files() { git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp'; }

run_verb() {
  case ${1:-} in
    -h|--help)
      echo "Usage: ./dev format"
      echo "Formats the C++ sources in place, as .clang-format says."
      return ;;
    '') ;;
    *) die "format takes no options, found '$1'" ;;
  esac
  step "Install packages" packages git clang-format-14
  step "Format" bash -c 'git ls-files --cached --others --exclude-standard -- "*.cpp" "*.hpp" | xargs clang-format-14 -i'
}
