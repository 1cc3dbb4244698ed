#!/bin/bash
# Deletes what jobs left in a folder of HDFS; the argument is the folder.
set -euo pipefail
hdfs dfs -rm -r -f -skipTrash "$1"
