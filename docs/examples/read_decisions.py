#!/usr/bin/python3
"""Reads the decisions of a `tune` job and what they have cost; prints JSON lines, one for each decision.

From Kafka (Debian: python3-avro, python3-confluent-kafka):
  read_decisions.py --bootstrap-servers localhost:9092
From files that kcat wrote, one for each topic (Debian: python3-avro, kcat):
  for t in decisions requests; do
    kcat -b localhost:9092 -t millrace.tune.$t -C -o beginning -e -q -f '%p %K %S\\n%k%s\\n' > $t.kcat; done
  read_decisions.py --file decisions.kcat --file requests.kcat
"""

import argparse
import json
import math

import millrace_wire
import read_model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--file", action="append", default=[], help="records written by kcat")
    source.add_argument("--bootstrap-servers", help="host:port,...")
    parser.add_argument("--topic", action="append", default=[], help="of decisions, and those with feedback")
    parser.add_argument("--property", action="append", default=[], metavar="NAME=VALUE", help="of librdkafka")
    parser.add_argument("--schemas", default=read_model.SCHEMAS, help="directory of released schemas")
    parser.add_argument("--key", help="only this tuner")
    args = parser.parse_args()

    if args.file:
        sources = [read_model.records_of_file(f) for f in args.file]
    else:
        topics = args.topic or ["millrace.tune.decisions", "millrace.tune.requests"]
        properties = dict(p.split("=", 1) for p in args.property)
        sources = [read_model.records_of_topic(args.bootstrap_servers, t, properties) for t in topics]
    values = [value for records in sources for _, _, value in records if value is not None]
    for decision in millrace_wire.decisions(millrace_wire.Schemas(args.schemas), values):
        if args.key is None or args.key == decision["key"]:
            if math.isnan(decision["value"]):
                decision["value"] = None  # an arm with a name alone; JSON has no NaN
            print(json.dumps(decision, sort_keys=True))


if __name__ == "__main__":
    main()
