#!/usr/bin/env bash
# All that is checked of the npm package: what `make client` runs. Its tools need Node 20.19 or newer; infra/test-tools.sh gets
# one beside the system's where that is older. Without Node and npm it says so, and with CI=true it fails.
set -euo pipefail
cd "$(dirname "$0")/.."

own="${XDG_CACHE_HOME:-$HOME/.cache}/notewire/node/node_modules/.bin"
if [ -x "$own/node" ]; then PATH="$own:$PATH"; fi
if ! command -v npm >/dev/null 2>&1 || ! node scripts/node-version.cjs; then
  echo 'client: the npm package was not checked: that takes npm and Node 20.19 or newer'
  if [ "${CI:-}" = true ]; then exit 1; else exit 0; fi
fi
if [ ! -d node_modules ]; then npm ci --ignore-scripts --silent; fi
if [ ! -d docs/node_modules ]; then npm ci --prefix docs --ignore-scripts --silent; fi
npm run --silent check
npm run --silent docs:check
npm test --silent
npm run --silent build
npm run --silent size
npm run --silent lint:package
E2E_PICTURES=0 npm run --silent e2e
