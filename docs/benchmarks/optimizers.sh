#!/usr/bin/env bash
# optimizers.sh DATA_DIR [STREAM...]: compares the optimizers of the catalogue on the streams in DATA_DIR and on made ones, all or those named,
# prints the tables of optimizers.md (Markdown) and draws the PNGs beside it.
set -euo pipefail
[ $# -ge 1 ] && [ -d "$1" ] || { echo "usage: optimizers.sh DATA_DIR [STREAM...]" >&2; exit 2; }
data=$(cd "$1" && pwd)
shift
wanted=" $* "
cd "$(dirname "$0")/../.."
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

make() { # NAME: 20,000 rows of eight standard normal columns and a label y, which follows them in a generalised linear model
  python3 -c 'import math, random, sys
name = sys.argv[1]
r = random.Random(7)
w = [r.gauss(0, 0.3) for _ in range(8)]
def count(mean):
    if mean > 500:
        return max(0, round(r.gauss(mean, math.sqrt(mean))))
    k, p, least = 0, r.random(), math.exp(-mean)
    while p > least:
        k, p = k + 1, p * r.random()
    return k
print(",".join(["x%d" % i for i in range(8)] + ["y"]))
for t in range(20000):
    x = [r.gauss(0, 1) for _ in w]
    s = sum(a * b for a, b in zip(w, x))
    if name.startswith("poisson-"):
        y = count(float(name[8:]) * math.exp(s))
    elif name == "regression":
        y = s + 1 + r.gauss(0, 0.3)
    elif name == "drift":
        y = (s if t < 10000 else -s) + r.gauss(0, 0.3)
    else: # quantile-UNIT: heavy tails
        y = float(name[9:]) * (s + 1 + r.gauss(0, 0.5) / math.sqrt(max(0.05, r.random())))
    print(",".join("%.6g" % v for v in x + [y]))' "$1" >"$made/$1.csv"
}

stream() { # NAME FILE OPTION...
  local name=$1 file=$2
  shift 2
  [ "$wanted" = "  " ] || [[ $wanted == *" $name "* ]] || return 0
  if [ "$file" = made ]; then
    make "$name"
    file=$made/$name.csv
  else
    file=$data/$file
  fi
  if [ ! -f "$file" ]; then
    echo "optimizers.sh: $file is not there, skipped" >&2
    return
  fi
  ./millrace evaluate --data "$file" "$@" --compare all --plot "docs/benchmarks/optimizers-$name.png" --json |
    python3 -c 'import json, sys
r = json.load(sys.stdin)
def number(v):
    return "-" if v is None else "%.4f" % v if abs(v) < 100 else "%.5g" % v
options = "`%s`, " % " ".join(sys.argv[2:]) if sys.argv[2:] else ""
occurring = ", %d of them occurring" % r["occurring"] if r["occurring"] < r["dimension"] else ""
print("\n## %s\n\n%s%d examples, %d coordinates%s.\n" % (sys.argv[1], options, r["examples"], r["dimension"], occurring))
print("| optimizer | default rate | loss | accuracy | best rate | loss | accuracy |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
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
for mean in 0.3 3 50 5000; do
  stream poisson-$mean made --label y --loss poisson
done
stream regression made --label y --loss squared
stream drift made --label y --loss squared
for unit in 0.001 1 10000; do
  stream quantile-$unit made --label y --loss quantile --loss-parameter 0.9
done
