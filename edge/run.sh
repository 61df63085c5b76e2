#!/usr/bin/env bash
# Runs the server with an edge in front of it, on this machine: builds both, installs workerd
# into edge/worker/node_modules, and stops both on Ctrl-C. Ports: PORT (the server, 3000) and
# EDGE_PORT (the edge, 8787). Data: data/ and edge/worker/data/.
set -euo pipefail
cd "$(dirname "$0")/.."

have() { command -v "$1" >/dev/null 2>&1; }
have go && have npm && have curl || { echo "edge: needs go, npm (Node 18 or newer) and curl"; exit 1; }

worker=edge/worker
origin=http://127.0.0.1:${PORT:-3000}
edge=http://127.0.0.1:${EDGE_PORT:-8787}

if [ ! -d $worker/node_modules ]; then
  echo "edge: installing workerd and TypeScript from npm (the first time; about 160 MB)"
  (cd $worker && npm ci --ignore-scripts --silent)
fi
workerd=${WORKERD:-$(ls $worker/node_modules/@cloudflare/workerd-*/bin/workerd 2>/dev/null || true)}
if [ -z "$workerd" ]; then
  echo "edge: no workerd for this system: npm install --no-save @cloudflare/workerd-darwin-arm64@1.20261117.1"
  echo "      in $worker (or -darwin-64), or WORKERD=/path/to/workerd"
  exit 1
fi

echo "edge: building"
go build -trimpath -o bin/notewire ./functions/server
(cd $worker && node node_modules/typescript/bin/tsc --outDir dist)
GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -trimpath -ldflags='-s -w' -o $worker/dist/core.wasm ./edge/core/reactor

mkdir -p $worker/data
EDGE_SECRET=${EDGE_SECRET:-$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')}
export EDGE_SECRET

origin_pid='' edge_pid=''
# workerd waits for streams for ever, and so is not asked to stop.
trap 'kill -9 $edge_pid 2>/dev/null || true; kill $origin_pid 2>/dev/null && wait $origin_pid || true' EXIT
trap 'exit 0' INT TERM
EDGE_URL=$edge bin/notewire serve >/dev/null & origin_pid=$!
ORIGIN=$origin "$workerd" serve $worker/config.capnp --socket-addr=http="127.0.0.1:${EDGE_PORT:-8787}" \
  --directory-path=disk="$PWD/$worker/data" & edge_pid=$!

for _ in $(seq 100); do
  curl -fs "$edge/healthz" >/dev/null 2>&1 && break
  kill -0 $origin_pid && kill -0 $edge_pid || exit 1
  sleep 0.1
done
cat <<EOF

  Notewire is running at the edge.  Open ${edge/127.0.0.1/localhost}

  Origin    ${origin/127.0.0.1/localhost}, which alone decides; data in ./data
  Edge      workerd, an object for each account and note that is followed; what it keeps of
            logs is in $worker/data
  Try       curl -N '$edge/api/events?cursor=0'
  Stop      Ctrl-C

EOF
wait -n $origin_pid $edge_pid
