#!/bin/sh
# Installs SoundMap into /opt/soundmap on Debian 12 or newer.  The image is made by these steps, and
# a server may be, too; run again, they upgrade it.
#
#   sh deploy/install.sh [WHAT]    WHAT is a wheel or a clone; by default the clone this file is in
set -eu

what=${1:-$(cd "$(dirname "$0")/.." && pwd)}
parts=bot,formats,slack
home=/var/lib/soundmap

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv
rm -rf /var/lib/apt/lists/*

# Afresh, so that nothing of an earlier version is left.
python3 -m venv --clear /opt/soundmap
/opt/soundmap/bin/pip install --no-cache-dir --disable-pip-version-check "${what}[$parts]"

# Its own user, who may write in its own folder and nowhere else.
id soundmap >/dev/null 2>&1 ||
  useradd --system --user-group --home-dir "$home" --shell /usr/sbin/nologin soundmap
install --directory --owner=soundmap --group=soundmap --mode=700 "$home"

/opt/soundmap/bin/soundmap-bot --version
