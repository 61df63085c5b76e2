#!/usr/bin/env bash
# Installs what checks infra/template.yaml into the user's cache, unless it is there: cfn-lint and
# AWS's SAM translator from PyPI, AWS's cloudformation-validate from npm. Prints the directory;
# with --where it does only that.
set -euo pipefail
cd "$(dirname "$0")"
version=$(cat requirements.txt package-lock.json | sha256sum | cut -c1-12)
dir=${XDG_CACHE_HOME:-$HOME/.cache}/notewire/template-checks-$version

if [ "${1:-}" != --where ] && [ ! -f "$dir/.complete" ]; then
  for program in python3 node npm; do
    command -v $program >/dev/null || {
      echo "the checks of infra/template.yaml need Python 3.9 with venv, and Node 20 with npm" >&2
      exit 1
    }
  done
  echo "fetching cfn-lint and cloudformation-validate (270 MB)" >&2
  rm -rf "$dir"
  mkdir -p "$dir"
  python3 -m venv "$dir/venv"
  "$dir/venv/bin/pip" install -q --disable-pip-version-check -r requirements.txt >&2
  cp package.json package-lock.json "$dir"
  npm ci --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts >&2
  touch "$dir/.complete"
fi
echo "$dir"
