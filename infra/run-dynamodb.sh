#!/usr/bin/env bash
# Runs the server on the real DynamoDB Local: `make run-dynamodb`. Data stays in
# ./data/dynamodb. Stops both with Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${DYNAMODB_LOCAL_PORT:-8000}
export AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:$port
export DYNAMODB_TABLE=${DYNAMODB_TABLE:-notewire}

infra/dynamodb-local/run.sh "$port" "$PWD/data/dynamodb" >/dev/null &
local=$!
trap 'kill $local 2>/dev/null; wait $local 2>/dev/null || true' EXIT
for _ in $(seq 600); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  kill -0 $local 2>/dev/null || { echo "DynamoDB Local did not start" >&2; exit 1; }
  sleep 0.1
done
bin/notewire migrate
bin/notewire
