#!/usr/bin/env bash
# optimizers.sh DATA_DIR: compares the optimizers of the catalogue on the streams in DATA_DIR, prints the tables of optimizers.md (Markdown)
# and draws the PNGs beside it.
set -euo pipefail
[ $# -eq 1 ] && [ -d "$1" ] || { echo "usage: optimizers.sh DATA_DIR" >&2; exit 2; }
data=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."

stream() { # NAME FILE OPTION...
  local name=$1 file=$2
  shift 2
  if [ ! -f "$data/$file" ]; then
    echo "optimizers.sh: $data/$file is not there, skipped" >&2
    return
  fi
  ./millrace evaluate --data "$data/$file" "$@" --compare all --plot "docs/benchmarks/optimizers-$name.png" --json |
    python3 -c 'import json, sys
r = json.load(sys.stdin)
def number(v):
    return "-" if v is None else "%.4f" % v
options = "`%s`, " % " ".join(sys.argv[2:]) if sys.argv[2:] else ""
occurring = ", %d of them occurring" % r["occurring"] if r["occurring"] < r["dimension"] else ""
print("\n## %s\n\n%s%d examples, %d coordinates%s.\n" % (sys.argv[1], options, r["examples"], r["dimension"], occurring))
print("| optimizer | default rate | log-loss | accuracy | best rate | log-loss | accuracy |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
for o in r["optimizers"]:
    d, b = o["default"], o["best"]
    print("| %s | %g | %s | %s | %g | %s | %s |" % (o["optimizer"], d["rate"], number(d["loss"]), number(d["accuracy"]),
          b["rate"], number(b["loss"]), number(b["accuracy"])))
if r["skipped"]:
    print("\nSkipped: %s." % ", ".join(r["skipped"]))
print("\n![loss against events](optimizers-%s.png)" % sys.argv[1])' "$name" "$@"
}

stream elec2 elec2.csv.gz --label class --one-hot day
stream spam spam.svm.gz
stream sea sea.csv.gz --label class
stream a9a a9a.svm.gz
stream bank bank.csv.gz --label y --categorical day
