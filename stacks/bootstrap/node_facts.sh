#!/bin/bash
# Writes what the node is made of to the log of the bootstrap action, where it survives the node.
set -euo pipefail
uname -a
nproc
free --mebi
lsblk --output NAME,SIZE,TYPE,MOUNTPOINT
java -version 2>&1
python3 --version
