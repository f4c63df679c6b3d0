#!/bin/sh
# Makes the folder of the store, for OWNER alone (only root can give it away).
set -eu
folder="${ROOT:-}/var/lib/kakunin"
mkdir -p "$folder"
chmod 0700 "$folder"
[ "$(id -u)" != 0 ] || chown "${OWNER:-10001:10001}" "$folder"
