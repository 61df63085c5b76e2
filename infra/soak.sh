#!/usr/bin/env bash
# The long checks, with progress, and a dated report in infra/soak. What `make test` does in
# seconds with a fixed seed, this does for SOAK_MINUTES (30) with a seed of its own.
# The server under test is on this machine's loopback; everything stops by itself.
set -uo pipefail
cd "$(dirname "$0")/.."

minutes=${SOAK_MINUTES:-30}
seed=${NOTEWIRE_SEED:-$((RANDOM * 32768 + RANDOM))}
day=$(date -u +%F)
report=infra/soak/$day.md
failed=0
mkdir -p infra/soak

say() { printf '%s\n' "$*" | tee -a "$report"; }

# step NAME COMMAND...: runs it, shows its last lines, and notes how it went.
step() {
  local name=$1 log begun took
  shift
  log=$(mktemp)
  printf '\n== %s: %s\n' "$name" "$*"
  begun=$SECONDS
  if "$@" >"$log" 2>&1; then result=passed; else result=FAILED; failed=1; fi
  took=$((SECONDS - begun))
  tail -n 5 "$log"
  say "| $name | \`${*}\` | ${took} s | $result | $(grep -Eho "$figures" "$log" | tail -n 1 | tr '|' '/') |"
  if [ "$result" = FAILED ]; then cp "$log" "infra/soak/$day-$name.log"; fi
  rm -f "$log"
}
figures='[0-9]+ crashes; .*|execs: [0-9]+ [^,]*|on disk first: .*|[0-9]+ acknowledged, .*|[0-9]+ clients, [0-9]+ mutations .*|[0-9.]+ retries each|[0-9]+ clients, each .*|[0-9]+ connections of .*|[0-9]+ merges: .*|Tests +[0-9]+ passed.*'

: >"$report"
say "# Soak of $day"
say ""
say "Commit \`$(git rev-parse --short HEAD)\`$(git diff --quiet HEAD || echo ' with local changes'); $(go version | cut -d' ' -f3,4); $(nproc) cores, Linux $(uname -r | cut -d- -f1); seed $seed."
say ""
say "| check | command | took | result | figures |"
say "|---|---|---|---|---|"

export NOTEWIRE_SEED=$seed
export NOTEWIRE_CRASHES=$((minutes * 20))
step crashes go test ./functions/server -run TestNothingAcknowledgedIsLostInACrash -v -timeout 0
step chaos env NOTEWIRE_CHAOS=$((minutes * 20))s go test ./functions/server -run '^TestChaos$' -v -timeout 0
step fleet env NOTEWIRE_FLEET=1 go test ./functions/server -run TestAFleet -v -timeout 0
step storms env NOTEWIRE_STORM=1 NOTEWIRE_CONNECTS=100000 go test ./functions/server -run 'NothingIsLeft|BadReaders|ReconnectStorm' -v -timeout 0
step archive env NOTEWIRE_ARCHIVE_NOTES=2000 go test ./dynamo/ddb -run Archive -v -timeout 0
step disk go test ./functions/server -run TestNoAnswerLeavesBeforeItIsOnDisk -count 5 -v

packages=$(go list ./...)
targets=0
for package in $packages; do targets=$((targets + $(go test -list '^Fuzz' "$package" 2>/dev/null | grep -c '^Fuzz'))); done
each=$((minutes * 60 / 3 / (targets > 0 ? targets : 1)))
[ "$each" -ge 1 ] || each=1
for package in $packages; do
  for target in $(go test -list '^Fuzz' "$package" 2>/dev/null | grep '^Fuzz'); do
    step "$target" go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "${each}s" -fuzzminimizetime 20x
  done
done

unset NOTEWIRE_CRASHES
step merges env NOTEWIRE_MERGES=100000 go test ./notes/merge -run LikeGit -v -timeout 0
step client env SCHEDULES=$((minutes * 100)) NO_COLOR=1 npm --prefix client run soak
step faults npm --prefix client run faults
step browser env E2E_LONG=1 NO_COLOR=1 npm --prefix client run e2e
step race go test -race -count "$((minutes / 10 + 1))" -timeout 0 ./...

say ""
if [ $failed = 0 ]; then say "Everything passed."; else say "Something FAILED."; fi
echo "report: $report"
exit $failed
