#!/usr/bin/env bash
# evaluate.sh DATA_DIR: runs the lines of evaluate.md on the streams in DATA_DIR and prints its table (Markdown).
set -euo pipefail
[ $# -eq 1 ] && [ -d "$1" ] || { echo "usage: evaluate.sh DATA_DIR" >&2; exit 2; }
data=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."

row() { # NAME FILE OPTION...
  local name=$1 file=$2
  shift 2
  if [ ! -f "$data/$file" ]; then
    echo "evaluate.sh: $data/$file is not there, skipped" >&2
    return
  fi
  ./millrace evaluate --data "$data/$file" "$@" --json 2>/dev/null |
    python3 -c 'import json, sys
r = json.load(sys.stdin)
print("| %s | `%s` | %d | %d | %.4f | %.4f | %s | %s |" % (sys.argv[1], " ".join(sys.argv[2:]), r["examples"], r["dimension"],
      r["accuracy"], r["loss"], format(round(r["examples-per-second"], -3), ",.0f"), format(r["state-bytes"], ",d")))' "$name" "$@"
}

echo "| stream | options | examples | dimension | accuracy | log-loss | examples/s | bytes of state |"
echo "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
raw="--scaling none --optimizer sgd --set learning-rate=0.01"
# shellcheck disable=SC2086 # raw is a list of words
{
  row elec2 elec2.csv.gz --label class --one-hot day $raw
  row sea sea.csv.gz --label class $raw
  row a9a a9a.svm.gz $raw
}
row elec2 elec2.csv.gz --label class --one-hot day --optimizer sgd --set learning-rate=0.1
row elec2 elec2.csv.gz --label class --one-hot day --optimizer adagrad --set learning-rate=1
row bank bank.csv.gz --label y --categorical day --optimizer sgd --set learning-rate=0.02
row bank bank.csv.gz --label y --categorical day --optimizer adagrad --set learning-rate=0.3
row sea sea.csv.gz --label class --optimizer sgd --set learning-rate=0.01
row a9a a9a.svm.gz --optimizer adagrad --set learning-rate=0.1
row spam spam.svm.gz --optimizer sgd --set learning-rate=0.1
row spam spam.svm.gz --optimizer adagrad --set learning-rate=0.1
row phishing phishing.csv.gz --label is_phishing --optimizer sgd --set learning-rate=0.1
row phishing phishing.csv.gz --label is_phishing --optimizer adagrad --set learning-rate=0.5
