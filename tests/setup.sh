#!/usr/bin/env bash
# Installs what the tests need on a Debian machine, so that none is left out: Docker and the tools of the container tests, an AWS emulator, Chromium, fish.
# Prints the process id of the Docker daemon when it started one, so that the caller can stop it: kill "$(bash tests/setup.sh)". All else goes to stderr.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v chromium chromium-browser google-chrome >/dev/null; then
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >&2
fi
if ! command -v fish >/dev/null; then
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fish >&2
fi
bash tests/ops/setup.sh >&2
bash tests/container/setup.sh
