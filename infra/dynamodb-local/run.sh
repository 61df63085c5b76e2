#!/usr/bin/env bash
# Runs the real DynamoDB Local on the loopback: run.sh [PORT [DIRECTORY]]. Without a directory
# it keeps everything in memory. The first time it fetches it from Maven Central into ./lib.
# It is AWS's, under the DynamoDB Local licence: used, never part of this repository.
set -euo pipefail
cd "$(dirname "$0")"
port=${1:-8000}

for program in java mvn; do
  command -v $program >/dev/null || {
    echo "DynamoDB Local needs Java 17 and Maven: apt-get install openjdk-17-jre-headless maven" >&2
    exit 1
  }
done
if [ ! -f lib/.complete ]; then
  echo "fetching DynamoDB Local from Maven Central (48 MB)" >&2
  mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib -DincludeScope=runtime >&2
  touch lib/.complete
fi
where=(-inMemory)
[ $# -ge 2 ] && mkdir -p "$2" && where=(-dbPath "$2")
exec java -Djava.library.path=lib -Dlog4j2.level=error -cp 'lib/*' Loopback.java -port "$port" -sharedDb -disableTelemetry "${where[@]}"
