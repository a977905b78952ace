#!/usr/bin/python3
"""Writes one example to a job's topic, or to standard output as hexadecimal with --hex.

  write_event.py --bootstrap-servers localhost:9092 --topic millrace.examples \\
      --key ctr --id e-17 --label UP --features '[1.5, 2, 0]'
Features: a list (dense), {"3": 1.5} with --sparse, {"age": 41, "city": "Bonn"} (named).
Debian: python3-avro, python3-confluent-kafka.
"""

import argparse
import json
import os
import struct

import millrace_wire

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMAS = os.path.join(HERE, "..", "..", "schemas", "src", "main", "resources", "avro")


def values_of(numbers):
    """In four bytes each where that rounds none of them."""
    doubles = [float(v) for v in numbers]
    try:
        exact = all(struct.unpack("<f", struct.pack("<f", v))[0] == v for v in doubles)
    except OverflowError:
        exact = False
    return {"values" if exact else "doubles": doubles}


def features_of(value, sparse):
    if isinstance(value, list):
        return values_of(value)
    if sparse:
        return {"indices": [int(i) for i in value], **values_of(value.values())}
    return {
        "numbers": {n: float(v) for n, v in value.items() if not isinstance(v, str)},
        "categories": {n: v for n, v in value.items() if isinstance(v, str)},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap-servers", default="localhost:9092")
    parser.add_argument("--topic", default="millrace.examples")
    parser.add_argument("--schemas", default=SCHEMAS, help="directory of released schemas")
    parser.add_argument("--key", required=True)
    parser.add_argument("--id", default="")
    parser.add_argument("--event-time", type=int, default=0, help="milliseconds since 1970; 0: when it is written")
    parser.add_argument("--weight", type=float, default=1.0)
    parser.add_argument("--label", help="a number or a class name; none: it comes later")
    parser.add_argument("--features", required=True)
    parser.add_argument("--sparse", action="store_true")
    parser.add_argument("--hex", action="store_true")
    args = parser.parse_args()

    label = args.label
    try:
        label = None if label is None else float(label)
    except ValueError:
        pass  # a class name
    value = millrace_wire.Schemas(args.schemas).encode(
        "Example",
        {
            "key": args.key,
            "id": args.id,
            "eventTime": args.event_time,
            "weight": args.weight,
            "label": label,
            "features": features_of(json.loads(args.features), args.sparse),
        },
    )
    if args.hex:
        print(value.hex())
        return
    from confluent_kafka import Producer

    # murmur2_random is what Java producers do; librdkafka's own default puts keys elsewhere.
    producer = Producer({"bootstrap.servers": args.bootstrap_servers, "partitioner": "murmur2_random", "acks": "all"})
    producer.produce(args.topic, key=args.key.encode(), value=value)
    if producer.flush(30) > 0:
        raise SystemExit("topic '%s': the record was not taken within 30 seconds" % args.topic)


if __name__ == "__main__":
    main()
