#!/bin/sh
# Installs eSafety for the person who runs it. No network, no administrator. In a terminal:  sh install.sh
cd "$(dirname "$0")" || exit 5
right='import json, sys; sys.exit("%d.%d" % sys.version_info[:2] not in json.load(open("kit.json"))["pythons"])'
# What compares every file is compared first: damaged, it could not say so.
whole='import hashlib, sys
own = hashlib.sha256(open("install.py", "rb").read()).hexdigest() + "  install.py"
sys.exit(0 if own in open("checksums.txt", encoding="ascii", errors="replace").read().split("\n") else 3)'
for python in python3 python3.11 python3.12 python3.13 python3.14 python3.15; do
    if command -v "$python" >/dev/null 2>&1 && "$python" -I -c "$right" 2>/dev/null; then
        "$python" -I -B -c "$whole" 2>/dev/null
        if [ $? -eq 3 ]; then
            echo "THIS KIT IS DAMAGED: install.py or checksums.txt is not as it was made." >&2
            echo "Copy the whole kit again from where it came from, or have it made again. Nothing was installed." >&2
            exit 1
        fi
        exec "$python" -I -B install.py "$@"
    fi
done
echo "This computer has no Python of a version that this kit is for: see \"pythons\" in kit.json." >&2
echo "Nothing was installed. Ask for a kit for the Python that is here, or have that Python put here." >&2
exit 2
