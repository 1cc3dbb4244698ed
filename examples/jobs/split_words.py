#!/usr/bin/env python3
"""A mapper of Hadoop streaming: one line for each word, as the reducer ``aggregate`` counts them."""

import sys

for line in sys.stdin:
    for word in line.split():
        sys.stdout.write(f"LongValueSum:{word.lower()}\t1\n")
