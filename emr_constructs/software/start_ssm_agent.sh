#!/bin/bash
# Starts the SSM Agent, which the Amazon Linux image of EMR has, now and with each boot. A node without sessions is
# better than no node, so it never fails. A change of this file replaces every cluster that uses it.
if command -v systemctl >/dev/null 2>&1; then
  sudo systemctl enable --now amazon-ssm-agent
else
  # Amazon Linux 1, up to emr-5.29.0: Upstart, which starts the agent with each boot.
  sudo start amazon-ssm-agent
fi || echo "the SSM Agent could not be started; sessions on this node might not work" >&2
exit 0
