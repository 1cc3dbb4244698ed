#!/bin/bash
# Installs Python packages: PYTHON REQUIREMENTS [ARCHIVE_OF_WHEELS]. A change of this file replaces every cluster that uses it.
set -euo pipefail
python=$1
folder=$(mktemp -d)

fetch() {
  case $1 in
    s3*://*) aws s3 cp --no-progress "s3://${1#*://}" "$2" ;;
    *) cp "${1#file:}" "$2" ;;
  esac
}

fetch "$2" "$folder/requirements.txt"
options=(--no-cache-dir --requirement "$folder/requirements.txt")
if [ $# -gt 2 ]; then
  fetch "$3" "$folder/wheels.zip"
  "$python" -m zipfile -e "$folder/wheels.zip" "$folder/wheels"
  options+=(--no-index --find-links "$folder/wheels")
fi
# Amazon Linux has pip only for the Python version of the system.
"$python" -m pip --version || sudo "$python" -m ensurepip
sudo "$python" -m pip install "${options[@]}"
rm -rf "$folder"
