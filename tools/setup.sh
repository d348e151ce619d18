#!/usr/bin/env bash
# Makes a fresh Debian or Ubuntu with Rust ready to build Sampan: a C++ linker, pip, and OpenCC 1.4.2.
#
# Why OpenCC comes from a Python wheel: opencc-rust 2 needs libopencc >= 1.4, Debian 12 has 1.1.6 (which
# passes 253 of OpenCC's 543 expectations; 1.4.2 passes all), and the wheel ships the same library static,
# with its dictionaries, in seconds instead of a cmake build. The hashes below pin the bytes.
#
# Safe to run again: a second run does nothing.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
dest="$top/third_party/opencc"
version=1.4.2

need=()
command -v c++ >/dev/null || need+=(g++)
command -v python3 >/dev/null || need+=(python3)
{ command -v python3 >/dev/null && python3 -m pip --version >/dev/null 2>&1; } || need+=(python3-pip)
if [ ${#need[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${need[@]}"
fi

if [ -f "$dest/.$version" ]; then
  exit 0
fi

machine=$(uname -m)
case "$machine" in
  x86_64 | aarch64) ;;
  *) echo "setup: no OpenCC wheel for $machine; build OpenCC $version yourself into $dest/{lib,include,share}" >&2; exit 1 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/requirements.txt" <<R
opencc==$version \\
  --hash=sha256:794afd1f5254b22fb7e8655d3e60f0467e4a1ad5ebbd62f9efdd2dd421dd43db \\
  --hash=sha256:689eea00ddfdaa3ba0b78426da34759dcb07db52b2fc1c660fa62b3d94ee4f04
R
python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
  --only-binary=:all: --implementation cp --abi cp311 --python-version 3.11 \
  --platform "manylinux2014_$machine" --dest "$work" --requirement "$work/requirements.txt"
python3 -m zipfile -e "$work"/opencc-*.whl "$work/wheel"
rm -rf "$dest"
mkdir -p "$dest"
cp -r "$work/wheel/opencc/clib/lib64" "$dest/lib"
cp -r "$work/wheel/opencc/clib/include" "$dest/include"
cp -r "$work/wheel/opencc/clib/share/opencc" "$dest/share"
cp "$work"/wheel/opencc-"$version".dist-info/licenses/LICENSE "$dest/LICENSE"
touch "$dest/.$version"
echo "setup: OpenCC $version is in third_party/opencc"
