#!/bin/bash
# Installs Python libraries on every node; the arguments are what pip takes.
set -euo pipefail
sudo python3 -m pip install --no-cache-dir "$@"
