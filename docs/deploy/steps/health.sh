#!/bin/sh
# Ends with 0 if the running bot says that it is alive.
set -eu
exec "${ROOT:-}/opt/kakunin/bin/python" - "http://127.0.0.1:${KAKUNIN_HEALTH_PORT:-9178}/healthz" <<'PYTHON'
import sys
import urllib.error
import urllib.request

try:
    urllib.request.urlopen(sys.argv[1], timeout=3).close()
except (urllib.error.URLError, OSError) as error:
    sys.exit(f"not alive: {error}")
PYTHON
