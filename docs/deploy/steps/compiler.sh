#!/bin/sh
# Gets a C compiler, which durable-rules is built with. Debian and Ubuntu, as root.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y --no-install-recommends gcc libc6-dev
