#!/usr/bin/env bash
# The structure test: dependencies point the way allowed_includes.txt says, and no header of ours drags in a heavy
# library. Prints each breach and fails if there is one.
set -euo pipefail
cd "$(dirname "$0")/../.."

files=$(git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp')
breaches=$(
  # shellcheck disable=SC2086
  grep -HnE '^#include "' $files | awk -v table=tests/structure/allowed_includes.txt '
    BEGIN {
      while ((getline line < table) > 0) {
        if (line ~ /^#/ || line !~ /:/) continue
        folder = line; sub(/:.*/, "", folder)
        rest = line; sub(/^[^:]*:/, "", rest)
        allowed[folder] = folder " " rest
      }
    }
    function folder_of(file,   path) {
      path = file
      while (sub(/\/[^\/]*$/, "", path)) if (path in allowed) return path
      return ""
    }
    {
      split($0, part, ":"); file = part[1]; line = part[2]
      include = $0; sub(/^[^"]*"/, "", include); sub(/".*/, "", include)
      own = folder_of(file)
      if (own == "") { print file ": its folder is not in allowed_includes.txt"; next }
      if (file ~ /(_app|\/main)\.cpp$/) next
      n = split(allowed[own], may, " ")
      for (i = 1; i <= n; ++i) if (index(include, may[i] "/") == 1) next
      print file ":" line ": " own " may not include " include
    }' | sort -u
  headers=$(git ls-files --cached --others --exclude-standard -- '*.hpp' | grep -vE '^tests/|slice_columns\.hpp$')
  # shellcheck disable=SC2086
  grep -HnE '#include [<"](nlohmann/json\.hpp|google/|mqtt/|MQTT|civetweb|prometheus/|spdlog|toml\+\+|sqlite3|openssl|argon2|CLI/|zstd|asio|pango/|cairo|qrencode|core/contract/.*\.pb\.h)' $headers |
    sed 's/$/   (a heavy library header in a header of ours)/' || true
  # The folders of a library are named by composition roots and their own tests only.
  # shellcheck disable=SC2086
  grep -HnE '#include "core/(storage/sqlite|mqtt/paho|http/civetweb)/' $files |
    grep -vE '^(core/storage/sqlite|core/mqtt/paho|core/http/civetweb|tests)/|_app\.cpp:|^tools/' |
    sed 's/$/   (a library folder outside a composition root)/' || true
)
if [ -n "$breaches" ]; then
  printf '%s\n' "$breaches"
  printf '%s breaches of the structure\n' "$(printf '%s\n' "$breaches" | wc -l)"
  exit 1
fi
printf 'the structure holds: %s files\n' "$(printf '%s\n' "$files" | wc -l)"
