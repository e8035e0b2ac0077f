#!/usr/bin/env bash
# Installs the AWS emulator of the day-two tests into .cache: ministack runs ECS tasks as real containers, with the Docker package beside it
# (without that it only pretends). The tests start it themselves, and stop it.
set -euo pipefail
cd "$(dirname "$0")/../.."

emulator=.cache/aws-emulator
wanted="ministack==1.5.33 docker==7.2.0"
if [ "$(cat "$emulator/installed" 2>/dev/null || true)" != "$wanted" ]; then
  python3 -m venv --clear "$emulator"
  # shellcheck disable=SC2086 # two words
  "$emulator/bin/pip" install --quiet --disable-pip-version-check $wanted
  echo "$wanted" >"$emulator/installed"
fi
