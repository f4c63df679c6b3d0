#!/bin/sh
# Installs Kakunin from SOURCE into a virtual environment of its own, /opt/kakunin. ROOT is put before every path.
set -eu
home="${ROOT:-}/opt/kakunin"
"${PYTHON:-python3}" -m venv "$home"
"$home/bin/python" -m pip install --quiet --disable-pip-version-check "${SOURCE:-/src}${EXTRAS:-}"
