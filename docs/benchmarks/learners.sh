#!/usr/bin/env bash
# learners.sh DATA_DIR [STREAM...]: compares the learners without a gradient with the linear default and a perceptron on the streams in
# DATA_DIR and on a made one with anomalies, all or those named, and prints the tables of learners.md (Markdown).
#
#   MILLRACE   the command that is run, ./millrace unless another one is given
set -euo pipefail
[ $# -ge 1 ] && [ -d "$1" ] || { echo "usage: learners.sh DATA_DIR [STREAM...]" >&2; exit 2; }
data=$(cd "$1" && pwd)
shift
wanted=" $* "
cd "$(dirname "$0")/../.."
read -r -a millrace <<<"${MILLRACE:-./millrace}"

stream() { # NAME FILE [LABEL]: what the rows behind it are about
  file=
  [ "$wanted" = "  " ] || [[ $wanted == *" $1 "* ]] || return 0
  if [ ! -f "$data/$2" ]; then
    echo "learners.sh: $data/$2 is not there, skipped" >&2
    return
  fi
  file=$data/$2
  label=(${3:+--label "$3"})
  printf '\n### %s\n\n%s\n%s\n' "$1" \
    "| learner | accuracy | log-loss | examples per CPU second | bytes of state |" "| --- | ---: | ---: | ---: | ---: |"
}

row() { # OPTION...: a row of the table
  [ -n "$file" ] || return 0
  "${millrace[@]}" evaluate --data "$file" "${label[@]}" "$@" --json 2>/dev/null |
    python3 -c 'import json, sys
r = json.load(sys.stdin)
options = ["WORDS" if a[:4] == "job," else "NUMBERS" if a[:4] == "age," else a for a in sys.argv[1:]]
print("| `%s` | %.4f | %.4f | %s | %s |" % (" ".join(options), r["accuracy"], r["loss"],
      format(int(float("%.2g" % r["examples-per-cpu-second"])), ",d"), format(r["state-bytes"], ",d")))' "$@"
}

dense() { # OPTION...: the rows of a stream of numbers, with options of the columns
  row --learner linear "$@"
  row --learner mlp "$@"
  row --learner tree "$@"
  row --learner tree --set leaf=mixture "$@"
  row --learner forest "$@"
  row --learner adpredictor "$@"
  row --learner adpredictor --set eps=0.01 "$@"
  row --learner naive-bayes "$@"
  row --learner naive-bayes --set forgetting=0.999 "$@"
}

stream elec2 elec2.csv.gz class
dense --one-hot day
row --learner tree --nominal day
row --learner forest --nominal day
row --learner forest --seed 2 --one-hot day
row --learner forest --seed 3 --one-hot day
row --learner forest --set attributes=8 --one-hot day
row --learner tree --set max-bytes=65536 --one-hot day

stream sea sea.csv.gz class
dense

# The page calls these WORDS and NUMBERS.
words=job,marital,education,default,housing,loan,contact,day,month,poutcome
numbers=age,balance,duration,campaign,pdays,previous
stream bank bank.csv.gz y
dense --one-hot $words --log $numbers
row --learner adpredictor --categorical day --log $numbers
row --learner tree --nominal $words --log $numbers
row --learner tree --nominal $words
row --learner tree --set nominal-splits=each-value --nominal $words --log $numbers
row --learner tree --set leaf=mixture --nominal $words --log $numbers
row --learner forest --nominal $words --log $numbers

stream phishing phishing.csv.gz is_phishing
dense

stream a9a a9a.svm.gz
row --learner linear
row --learner tree
row --learner forest
row --learner adpredictor
row --learner naive-bayes --set distribution=multinomial
row --learner naive-bayes --set distribution=bernoulli

stream spam spam.svm.gz
row --learner linear
row --learner adpredictor
row --learner naive-bayes --set distribution=multinomial

if [ "$wanted" = "  " ] || [[ $wanted == *" anomalies "* ]]; then
  made=$(mktemp -d)
  trap 'rm -rf "$made"' EXIT
  for d in 5 20; do # 2 % uniform rows among three clusters that move
    python3 -c 'import math, random, sys
d = int(sys.argv[1])
r = random.Random(3)
print(",".join(["x%d" % j for j in range(d)] + ["odd"]))
for t in range(20000):
    odd = r.random() < 0.02
    around = 0.25 * (1 + r.randrange(3)) + 0.1 * math.sin(t / 1000)
    x = [r.random() if odd else around + 0.03 * r.gauss(0, 1) for _ in range(d)]
    print(",".join("%.6g" % v for v in x) + ",%d" % odd)' "$d" >"$made/anomalies-$d.csv"
  done
  printf '\n### anomalies\n\n%s\n%s\n' \
    "| features | options | AUC | examples per CPU second | bytes of state |" "| ---: | --- | ---: | ---: | ---: |"
  anomalies() { # FEATURES OPTION...
    local d=$1
    shift
    "${millrace[@]}" evaluate --data "$made/anomalies-$d.csv" --label odd --learner half-space-trees "$@" --json 2>/dev/null |
      python3 -c 'import json, sys
r = json.load(sys.stdin)
print("| %s | %s | %.4f | %s | %s |" % (sys.argv[1], " ".join(sys.argv[2:]), r["auc"],
      format(int(float("%.2g" % r["examples-per-cpu-second"])), ",d"), format(r["state-bytes"], ",d")))' "$d" "$@"
  }
  anomalies 5
  anomalies 5 --set trees=10
  anomalies 5 --set window=1000
  anomalies 5 --set low=-1 --set high=2
  anomalies 20
fi
