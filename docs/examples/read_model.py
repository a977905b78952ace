#!/usr/bin/python3
"""Reads the newest models of a topic and scores with one; prints JSON lines.

From Kafka (Debian: python3-avro, python3-confluent-kafka):
  read_model.py --bootstrap-servers localhost:9092 --topic millrace.models
From a file that kcat wrote (Debian: python3-avro, kcat):
  kcat -b localhost:9092 -t millrace.models -C -o beginning -e -q -X isolation.level=read_committed \\
       -f '%p %K %S\\n%k%s\\n' > models.kcat
  read_model.py --file models.kcat
Score: --key ctr --score '[1.5, 2, 0]' (dense), '{"3": 1.5}' (sparse), '{"age": 41, "city": "Bonn"}' (named)
"""

import argparse
import json
import os
import sys

import millrace_wire

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMAS = os.path.join(HERE, "..", "..", "schemas", "src", "main", "resources", "avro")


def records_of_file(path):
    """Partition, key and value of every record; a length of -1 stands for null."""
    with open(path, "rb") as f:
        for line in iter(f.readline, b""):
            partition, key_length, value_length = (int(n) for n in line.split())
            key = f.read(key_length) if key_length >= 0 else None
            value = f.read(value_length) if value_length >= 0 else None
            f.readline()
            yield partition, key, value


def records_of_topic(servers, topic, properties):
    """Partition, key and value of every committed record there is now."""
    from confluent_kafka import Consumer, KafkaError, TopicPartition

    settings = {
        "bootstrap.servers": servers,
        "group.id": "read-model",
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
    }
    settings.update(properties)
    consumer = Consumer(settings)
    found = consumer.list_topics(topic, timeout=30).topics[topic]
    if found.error is not None:
        raise SystemExit("topic '%s': %s" % (topic, found.error))
    consumer.assign([TopicPartition(topic, p, 0) for p in found.partitions])
    open_partitions = set(found.partitions)
    while open_partitions:
        message = consumer.poll(30)
        if message is None:
            raise SystemExit("topic '%s': nothing came for 30 seconds" % topic)
        if message.error() is None:
            yield message.partition(), message.key(), message.value()
        elif message.error().code() == KafkaError._PARTITION_EOF:
            open_partitions.discard(message.partition())
        else:
            raise SystemExit("topic '%s': %s" % (topic, message.error()))
    consumer.close()


def summary(snapshot):
    return {
        "key": snapshot["key"],
        "incarnation": snapshot["incarnation"],
        "version": snapshot["version"],
        "eventTime": snapshot["eventTime"],
        "config": snapshot["config"],
        "counters": snapshot["counters"],
        "metrics": snapshot["metrics"],
        "tensors": {name: shape for name, (shape, _) in millrace_wire.tensors(snapshot).items()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--file", help="records written by kcat")
    source.add_argument("--bootstrap-servers", help="host:port,...")
    parser.add_argument("--topic", default="millrace.models")
    parser.add_argument("--property", action="append", default=[], metavar="NAME=VALUE", help="of librdkafka")
    parser.add_argument("--schemas", default=SCHEMAS, help="directory of released schemas")
    parser.add_argument("--key", help="only this model")
    parser.add_argument("--score", action="append", default=[], metavar="JSON", help="features to score")
    parser.add_argument("--level", type=float, default=0.95, help="of credible intervals of a posterior")
    args = parser.parse_args()

    models = millrace_wire.Models(millrace_wire.Schemas(args.schemas))
    if args.file:
        records = records_of_file(args.file)
    else:
        properties = dict(p.split("=", 1) for p in args.property)
        records = records_of_topic(args.bootstrap_servers, args.topic, properties)
    for partition, key, value in records:
        if key is None:
            models.faults.append("a record without a key")
        else:
            models.offer(key, value, partition)
    for fault in models.faults:
        print("skipped: " + fault, file=sys.stderr)
    for key, (snapshot, _, _, _) in sorted(models.newest.items()):
        if args.key is not None and args.key != key:
            continue
        out = summary(snapshot)
        for features in args.score:
            scores = millrace_wire.score(snapshot, json.loads(features))
            out.setdefault("scores", []).append(scores)
            out.setdefault("classes", []).append(millrace_wire.class_name(snapshot, scores))
            if millrace_wire.is_posterior(snapshot):
                draws = millrace_wire.draw_scores(snapshot, json.loads(features))
                intervals = [millrace_wire.interval(draws, k, args.level) for k in range(len(scores))]
                out.setdefault("intervals", []).append(intervals)
        print(json.dumps(out, sort_keys=True))


if __name__ == "__main__":
    main()
