"""Millrace's wire format in plain Python: see docs/wire-format.md.

Needs Python 3.8 and the avro package (Debian: python3-avro). Shares no code with Millrace; it loads
the released schemas, schemas/src/main/resources/avro/v<N>/*.avsc.
"""

import glob
import io
import json
import math
import os
import re
import struct

import avro.io
import avro.schema

MARKER = b"\xc3\x01"
HEADER_BYTES = 10
PART_KEY = re.compile(rb"(?s)(.*)/([01])/(0|[1-9][0-9]{0,9})\Z")


# ---- checksums and hashes ---------------------------------------------------------------------


def _table(polynomial):
    table = []
    for i in range(256):
        for _ in range(8):
            i = (i >> 1) ^ (polynomial if i & 1 else 0)
        table.append(i)
    return table


_CRC32C = _table(0x82F63B78)
_AVRO64 = _table(0xC15D213AA4D7A795)


def crc32c(data):
    """CRC-32C (Castagnoli), as unsigned 32 bits."""
    crc = 0xFFFFFFFF
    for b in data:
        crc = _CRC32C[(crc ^ b) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def crc64_avro(data):
    """CRC-64-AVRO, the Rabin fingerprint of Avro's specification."""
    crc = 0xC15D213AA4D7A795
    for b in data:
        crc = _AVRO64[(crc ^ b) & 0xFF] ^ (crc >> 8)
    return crc


def murmur3(data, seed=0):
    """MurmurHash3_x86_32."""
    h = seed
    whole = len(data) & ~3
    for i in range(0, whole, 4):
        h ^= _scramble(int.from_bytes(data[i : i + 4], "little"))
        h = (_rotate(h, 13) * 5 + 0xE6546B64) & 0xFFFFFFFF
    if whole < len(data):
        h ^= _scramble(int.from_bytes(data[whole:], "little"))
    h ^= len(data)
    h = ((h ^ h >> 16) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ h >> 13) * 0xC2B2AE35) & 0xFFFFFFFF
    return h ^ h >> 16


def _rotate(x, n):
    return (x << n | x >> (32 - n)) & 0xFFFFFFFF


def _scramble(k):
    return _rotate((k * 0xCC9E2D51) & 0xFFFFFFFF, 15) * 0x1B873593 & 0xFFFFFFFF


# ---- schemas ----------------------------------------------------------------------------------


def canonical(schema, defined):
    """Avro's parsing canonical form; a named type is spelled out where it occurs first."""
    seen = set()

    def form(s, space):
        if isinstance(s, list):
            return "[" + ",".join(form(b, space) for b in s) + "]"
        if isinstance(s, str):
            name = s if "." in s or not space else space + "." + s
            if name not in defined:
                return '"' + s + '"'
            if name in seen:
                return '"' + name + '"'
            return form(defined[name], space)
        kind = s["type"]
        if kind == "array":
            return '{"type":"array","items":' + form(s["items"], space) + "}"
        if kind == "map":
            return '{"type":"map","values":' + form(s["values"], space) + "}"
        if kind not in ("record", "enum", "fixed"):
            return form(kind, space)
        space = s.get("namespace", space)
        name = space + "." + s["name"]
        seen.add(name)
        out = '{"name":"' + name + '","type":"' + kind + '"'
        if kind == "record":
            fields = ('{"name":"%s","type":%s}' % (f["name"], form(f["type"], space)) for f in s["fields"])
            out += ',"fields":[' + ",".join(fields) + "]"
        elif kind == "enum":
            out += ',"symbols":[' + ",".join('"' + x + '"' for x in s["symbols"]) + "]"
        else:
            out += ',"size":%d' % s["size"]
        return out + "}"

    return form(schema, "")


def _define(schema, space, into):
    if isinstance(schema, list):
        for branch in schema:
            _define(branch, space, into)
    elif isinstance(schema, dict):
        space = schema.get("namespace", space)
        if schema["type"] in ("record", "enum", "fixed"):
            into[space + "." + schema["name"]] = dict(schema, namespace=space)
        for field in schema.get("fields", []):
            _define(field["type"], space, into)
        for inner in ("items", "values"):
            if inner in schema:
                _define(schema[inner], space, into)
        if isinstance(schema["type"], (dict, list)):
            _define(schema["type"], space, into)


class Schemas:
    """Released schemas by fingerprint, and the newest of each record."""

    def __init__(self, directory):
        self.by_fingerprint = {}
        self.newest = {}
        versions = sorted(glob.glob(os.path.join(directory, "v*")), key=lambda p: int(p.rsplit("v", 1)[1]))
        if not versions:
            raise SystemExit("%s has no v1, v2, ...; give the directory of released schemas" % directory)
        for version in versions:
            sources = {}
            defined = {}
            for path in sorted(glob.glob(os.path.join(version, "*.avsc"))):
                with open(path, encoding="utf-8") as f:
                    sources[os.path.basename(path)[:-5]] = json.load(f)
            for source in sources.values():
                _define(source, "", defined)
            for name, source in sources.items():
                form = canonical(source, defined)
                parsed = avro.schema.parse(form)
                self.by_fingerprint[crc64_avro(form.encode())] = (name, parsed)
                self.newest[name] = (crc64_avro(form.encode()), parsed)

    def decode(self, value):
        """Name of the record and its fields. Raises ValueError for what is no single object."""
        if len(value) < HEADER_BYTES or value[:2] != MARKER:
            raise ValueError("not a single object: begins with %s" % value[:HEADER_BYTES].hex())
        (fingerprint,) = struct.unpack_from("<Q", value, 2)
        if fingerprint not in self.by_fingerprint:
            raise ValueError("unknown schema fingerprint %016x" % fingerprint)
        name, writer = self.by_fingerprint[fingerprint]
        body = io.BytesIO(value[HEADER_BYTES:])
        record = avro.io.DatumReader(writer, writer).read(avro.io.BinaryDecoder(body))
        return name, record

    def encode(self, name, record):
        """A record under the newest schema, as the value of a Kafka record."""
        fingerprint, schema = self.newest[name]
        out = io.BytesIO(MARKER + struct.pack("<Q", fingerprint))
        out.seek(HEADER_BYTES)
        avro.io.DatumWriter(schema).write(record, avro.io.BinaryEncoder(out))
        return out.getvalue()


# ---- models -----------------------------------------------------------------------------------


def place(record):
    """Of two versions of a key the newer has the larger place."""
    return record["incarnation"], record["version"]


class Models:
    """The newest whole model of every key, from the records of the models topic in order."""

    def __init__(self, schemas):
        self.schemas = schemas
        self.newest = {}  # key -> (snapshot, partition, slot and number of its parts; 0: one record)
        self.pending = {}  # (key, place, partition, slot, parts, totalBytes, checksum) -> {part: bytes}
        self.faults = []

    def offer(self, key, value, partition=0):
        part_key = PART_KEY.match(key)
        if value is None:
            self._tombstone(key, part_key, partition)
            return
        try:
            name, record = self.schemas.decode(value)
        except Exception as e:  # whatever avro makes of damaged bytes
            self.faults.append("%r: %s" % (key, e))
            return
        if name == "ModelSnapshot" and record["key"].encode() == key and not part_key:
            self._complete(record, partition, 0, 0)
        elif name == "ModelPart" and part_key and part_key.group(1) == record["key"].encode():
            self._part(key, record, partition, int(part_key.group(2)))
        elif name == "ModelDelta" and part_key and part_key.group(1) == record["key"].encode():
            self._delta(key, record, partition)
        else:
            self.faults.append("%r: a %s does not belong under this key" % (key, name))

    def _delta(self, key, delta, partition):
        known = self.newest.get(delta["key"])
        if not known or place(delta) != (known[0]["incarnation"], known[0]["version"] + 1):
            return  # not of the version at hand: the next whole model will do
        try:
            self._complete(changed(known[0], delta), partition, known[2], known[3])
        except (ValueError, struct.error) as e:
            self.faults.append("%r: %s" % (key, e))

    def _part(self, key, p, partition, slot):
        known = self.newest.get(p["key"])
        if known and place(p) <= place(known[0]):
            return
        manifest = (p["key"], place(p), partition, slot, p["parts"], p["totalBytes"], p["checksum"])
        parts = self.pending.setdefault(manifest, {})
        parts[p["part"]] = p["data"]
        if len(parts) < p["parts"]:
            return
        whole = b"".join(parts[i] for i in range(p["parts"]))
        if len(whole) != p["totalBytes"] or crc32c(whole) != p["checksum"]:
            self.faults.append("%r: version %d has a wrong checksum" % (key, p["version"]))
            return
        self._complete(self.schemas.decode(whole)[1], partition, slot, p["parts"])

    def _complete(self, snapshot, partition, slot, parts):
        known = self.newest.get(snapshot["key"])
        if known and place(snapshot) <= place(known[0]):
            return
        self.newest[snapshot["key"]] = (snapshot, partition, slot, parts)
        for manifest in list(self.pending):
            if manifest[0] == snapshot["key"] and manifest[1] <= place(snapshot):
                del self.pending[manifest]

    def _tombstone(self, key, part_key, partition):
        model = part_key.group(1).decode() if part_key else key.decode()
        known = self.newest.get(model)
        if known and known[1] != partition:
            known = None  # it stood elsewhere
        mine = [m for m in self.pending if m[0] == model and m[2] == partition]
        if not part_key:
            for manifest in mine:
                del self.pending[manifest]
            if known:
                del self.newest[model]
            return
        slot, part = int(part_key.group(2)), int(part_key.group(3))
        for manifest in mine:
            if manifest[3] == slot:
                self.pending[manifest].pop(part, None)
        if known and known[2] == slot and part < known[3]:
            del self.newest[model]


ELEMENT_BYTES = {"F32": 4, "F64": 8, "I32": 4, "I64": 8, "U8": 1}


def changed(snapshot, delta):
    """The snapshot that a delta makes of the version before it. Raises ValueError if its checksum
    is not that of what comes out."""
    changes = {c["tensor"]["name"]: c for c in delta["changes"]}
    now = [changed_tensor(t, changes.get(t["name"])) for t in snapshot["tensors"]]
    if crc32c(b"".join((t["rows"] or b"") + t["data"] for t in now)) != delta["checksum"]:
        raise ValueError("delta to version %d has a wrong checksum" % delta["version"])
    out = dict(snapshot, tensors=now)
    out.update((f, delta[f]) for f in ("version", "eventTime", "counters", "metrics", "inputs"))
    out.update((f, delta[f]) for f in ("config", "provenance") if delta[f] is not None)
    return out


def changed_tensor(t, change):
    """A tensor with the rows of a change in it, and without those that are gone."""
    if change is None:
        return t
    if change["gone"] is None:
        return change["tensor"]
    size = math.prod(t["shape"][1:]) * ELEMENT_BYTES[t["dtype"]]
    rows = range(t["shape"][0]) if t["rows"] is None else _ints(t["rows"])
    held = dict(zip(rows, _pieces(t["data"], size)))
    for row in _ints(change["gone"]):
        held.pop(row, None)
    held.update(zip(_ints(change["tensor"]["rows"]), _pieces(change["tensor"]["data"], size)))
    data = b"".join(held[row] for row in sorted(held))
    rows = None if t["rows"] is None else struct.pack("<%di" % len(held), *sorted(held))
    return dict(t, rows=rows, data=data)


def _ints(data):
    return struct.unpack("<%di" % (len(data) // 4), data)


def _pieces(data, size):
    return [data[i : i + size] for i in range(0, len(data), size)]


class Rows:
    """Elements in row-major order of a tensor that holds some of its rows; the others are 0."""

    def __init__(self, shape, rows, data):
        self.size, self.stride = math.prod(shape), math.prod(shape[1:])
        self.places = {row: i for i, row in enumerate(rows)}
        self.data = data

    def __len__(self):
        return self.size

    def __getitem__(self, i):
        row, column = divmod(i, self.stride)
        place = self.places.get(row)
        return 0.0 if place is None else self.data[place * self.stride + column]


def tensors(snapshot):
    """Tensors by name: (shape, elements in row-major order)."""
    codes = {"F32": "f", "F64": "d", "I32": "i", "I64": "q", "U8": "B"}
    out = {}
    for t in snapshot["tensors"]:
        n, rows = math.prod(t["shape"]), t["rows"]
        if rows is not None:
            rows = struct.unpack("<%di" % (len(rows) // 4), rows)
            n = math.prod(t["shape"][1:]) * len(rows)
        data = struct.unpack("<%d%s" % (n, codes[t["dtype"]]), t["data"])
        out[t["name"]] = (t["shape"], data if rows is None else Rows(t["shape"], rows, data))
    return out


# ---- scoring ----------------------------------------------------------------------------------


def coordinates(config, features):
    """Features as (index, value) pairs: a list for dense models, a dict index -> value for sparse
    ones, a dict name -> number or category for named ones."""
    kind = config["features.kind"]
    if kind == "dense":
        return list(enumerate(features))
    if kind == "sparse":
        return [(int(i), v) for i, v in features.items()]
    mask = (1 << int(config["features.hash-bits"])) - 1
    out = []
    for name, value in features.items():
        if isinstance(value, str):
            out.append((murmur3((name + "=" + value).encode()) & mask, 1.0))
        else:
            out.append((murmur3(name.encode()) & mask, float(value)))
    return out


def scaled(config, t, pairs):
    """The pairs as the model's weights expect them."""
    if config["features.scaling"] == "none":
        return pairs
    return [(i, min(max(x, -10.0), 10.0)) for i, x in unbounded(config, t, pairs)]


def unbounded(config, t, pairs):
    if config["features.kind"] == "dense":
        mean, variance = t["scaler.mean"][1], t["scaler.variance"][1]
        return [(i, (x - mean[i]) / math.sqrt(variance[i]) if variance[i] > 0 else 0.0) for i, x in pairs]
    rms = t["scaler.rms"][1]
    return [(i, x / rms[i] if rms[i] > 0 else math.copysign(1.0, x) if x else 0.0) for i, x in pairs]


def affine(weights, bias, pairs):
    """bias + the rows of weights at the pairs' indices times their values."""
    (_, outputs), w = weights
    out = list(bias[1])
    for i, x in pairs:
        for k in range(outputs):
            out[k] += w[i * outputs + k] * x
    return out


def raw_linear(config, t, pairs):
    return affine(t["weights"], t["bias"], pairs)


def raw_mlp(config, t, pairs):
    bend = {
        "relu": lambda z: max(z, 0.0),
        "tanh": math.tanh,
        "gelu": lambda z: z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    }[config["model.activation"]]
    layer = 0
    while True:
        name = "layer%d" % layer
        z = affine(t[name + ".weights"], t[name + ".bias"], pairs)
        layer += 1
        if "layer%d.weights" % layer not in t:
            return z
        pairs = [(k, bend(v)) for k, v in enumerate(z)]


def raw_fm(config, t, pairs):
    raw = raw_linear(config, t, pairs)
    (_, outputs, rank), v = t["factors"]
    for k in range(outputs):
        for f in range(rank):
            terms = [v[(i * outputs + k) * rank + f] * x for i, x in pairs]
            raw[k] += (sum(terms) ** 2 - sum(term**2 for term in terms)) / 2
    return raw


def naive_bayes(config, t, pairs):
    """Shares of the classes under the likelihood of the pairs."""
    n = t["weights"][1]
    log = {"gaussian": log_gaussian, "multinomial": log_multinomial, "bernoulli": log_bernoulli}
    likelihood = log[config["model.distribution"]]
    logs = [
        math.log(w / sum(n)) + likelihood(config, t, pairs, k) if w > 0 else -math.inf
        for k, w in enumerate(n)
    ]
    top = max(logs)
    if top == -math.inf:
        p = [w / sum(n) for w in n] if sum(n) > 0 else [1 / len(n)] * len(n)
    else:
        e = [math.exp(v - top) for v in logs]
        p = [v / sum(e) for v in e]
    return p[1:] if len(p) == 2 else p


def log_gaussian(config, t, pairs, k):
    (_, d), mean = t["mean"]
    variance, floor = t["variance"][1], float(config["model.variance-floor"])
    total = 0.0
    for i, x in pairs:
        v = max(variance[k * d + i], floor)
        total -= (math.log(v) + (x - mean[k * d + i]) ** 2 / v) / 2
    return total


def log_multinomial(config, t, pairs, k):
    (_, d), counts = t["counts"]
    a = float(config["model.alpha"])
    everything = t["totals"][1][k] + a * d
    return sum(x * math.log((counts[k * d + i] + a) / everything) for i, x in pairs if x > 0)


def log_bernoulli(config, t, pairs, k):
    (_, d), counts = t["counts"]
    a, n = float(config["model.alpha"]), t["weights"][1][k]
    there = {i for i, x in pairs if x > 0}
    return sum(
        math.log(((counts[k * d + i] if i in there else n - counts[k * d + i]) + a) / (n + 2 * a))
        for i in range(d)
    )


def adpredictor(config, t, pairs):
    """Probability of class 1, and the standard deviation of the score behind it."""
    mean, variance = t["mean"][1], t["variance"][1]
    pairs = scaled(config, t, pairs)
    s = sum(x * x * variance[i] for i, x in pairs) + variance[-1]
    m = sum(x * mean[i] for i, x in pairs) + mean[-1]
    z = m / math.sqrt(float(config["model.beta"]) ** 2 + s)
    return [math.erfc(-z / math.sqrt(2)) / 2, math.sqrt(s)]


def half_space_trees(config, t, pairs):
    """How empty the space is, and 1 for an alarm; nothing before a window is full."""
    if t["windows"][1][1] == 0:
        return []

    def per_feature(name, i):
        one = "model.%s-2" % name not in config or i == 0
        return float(config["model." + name if one else "model.%s-%d" % (name, i + 1)])

    height, window = int(float(config["model.height"])), float(config["model.window"])
    low = [per_feature("low", i) for i, _ in pairs]
    u = [(x - low[i]) / (per_feature("high", i) - low[i]) for i, x in pairs]
    (trees, nodes), mass = t["reference"]
    inner, attributes, cuts = nodes // 2, t["attributes"][1], t["cuts"][1]
    total = 0.0
    for tree in range(trees):
        node, depth = 1, 0
        while depth < height and mass[tree * nodes + node - 1] > float(config["model.share"]) * window:
            at = tree * inner + node - 1
            node = 2 * node + (u[int(attributes[at])] > cuts[at])
            depth += 1
        total += mass[tree * nodes + node - 1] * 2**depth
    score = 1 - math.log(1 + total / trees) / math.log(1 + window * 2**height)
    return [score, 1.0 if score > t["windows"][1][2] else 0.0]


def _rows(tensor):
    (n, columns), data = tensor
    return [data[i * columns : (i + 1) * columns] for i in range(n)]


def _kinds(config, d):
    """Number of values of each feature, 0 where it is a number."""
    return [int(config.get("features.nominal.%d" % j, 0)) for j in range(d)]


def _full(config, pairs):
    """All features in order; two names on one coordinate add up."""
    named = config["features.kind"] == "named"
    d = 1 << int(config["features.hash-bits"]) if named else int(config["features.dimension"])
    x = [0.0] * d
    for i, v in pairs:
        x[i] += v
    return x


def _path(nodes, x):
    """Nodes that a row passes, from the root to its leaf."""
    path = [0]
    while nodes[path[-1]][0] != 0:
        kind, attribute, threshold, first = nodes[path[-1]][:4]
        v = x[int(attribute)]
        branch = int(v) if kind == 3 else int(not (v <= threshold if kind == 1 else v == threshold))
        path.append(int(first) + branch)
    return path


def _statistics(t, name, nodes, leaf):
    """Place of an active leaf among the active ones, and its numbers."""
    place = sum(int(n[5]) for n in nodes[:leaf])
    return place, _rows(t[name + ".leaves"])[place]


def _naive_bayes(t, name, kinds, x, place, numbers, counts):
    """Logarithms of the classes up to a constant; None: not among those that count."""
    classes = len(counts)
    own = numbers[3 : 3 + classes]
    logs = [math.log(c / sum(counts)) if c > 0 and n > 0 else None for c, n in zip(counts, own)]
    drawn = name + ".attributes"
    observed = [int(a) for a in _rows(t[drawn])[place]] if drawn in t else range(len(kinds))
    at = 3 + classes
    for a in observed:
        for k in range(classes):
            if logs[k] is None:
                continue
            if kinds[a]:
                seen = numbers[at + k * kinds[a] + int(x[a])]
                logs[k] += math.log((seen + 1) / (own[k] + kinds[a]))
                continue
            mean, m2 = numbers[at + 4 * k : at + 4 * k + 2]
            variance = m2 / (own[k] - 1) if own[k] > 1 else 0
            if variance > 0:
                logs[k] += -math.log(variance) / 2 - math.log(2 * math.pi) / 2 - (x[a] - mean) ** 2 / (2 * variance)
            elif x[a] != mean:
                logs[k] = None
        at += classes * (kinds[a] or 4)
    return logs


def _smoothed(votes, n):
    return [(n * v + 1) / (n + len(votes)) for v in votes]


def tree_votes(config, t, name, x):
    """Votes of a tree for classes, and the probabilities that it publishes alone."""
    nodes, numbers = _rows(t[name + ".nodes"]), _rows(t[name + ".numbers"])
    path = _path(nodes, x)
    classes = len(numbers[0])
    weight, majority = 0, [1 / classes] * classes
    for node in reversed(path):
        if sum(numbers[node]) > 0:
            weight = sum(numbers[node])
            majority = [n / weight for n in numbers[node]]
            break
    rule = config["model.leaf"]
    if rule == "majority" or not nodes[path[-1]][5]:
        return majority, _smoothed(majority, weight)
    place, leaf = _statistics(t, name, nodes, path[-1])
    logs = _naive_bayes(t, name, _kinds(config, len(x)), x, place, leaf, numbers[path[-1]])
    n, bayes = weight, majority
    if any(v is not None for v in logs):
        n = sum(leaf[3 : 3 + classes])
        top = max(v for v in logs if v is not None)
        e = [0.0 if v is None else math.exp(v - top) for v in logs]
        bayes = [v / sum(e) for v in e]
    if rule == "mixture":
        least = min(leaf[1], leaf[2])
        a, b = math.exp(least - leaf[1]), math.exp(least - leaf[2])
        both = zip(_smoothed(majority, weight), _smoothed(bayes, n))
        mixed = [(a * m + b * v) / (a + b) for m, v in both]
        return mixed, mixed
    if rule == "naive-bayes-adaptive" and leaf[1] > leaf[2]:
        return majority, _smoothed(majority, weight)
    return bayes, _smoothed(bayes, n)


def tree(config, t, pairs):
    return two_or_more(tree_votes(config, t, "tree", _full(config, pairs))[1])


def forest(config, t, pairs):
    x = _full(config, pairs)
    sums = None
    for i, (right, seen) in enumerate(_rows(t["answers"])):
        a = (right + 1) / (seen + 2) if float(config["model.weighted-votes"]) else 1.0
        votes = [a * v for v in tree_votes(config, t, "tree.%d" % i, x)[0]]
        sums = votes if sums is None else [s + v for s, v in zip(sums, votes)]
    return two_or_more([s / sum(sums) for s in sums])


def two_or_more(p):
    """Of two classes the probability of the second, of more all."""
    return p[1:] if len(p) == 2 else p


def regression_tree(config, t, pairs):
    x = _full(config, pairs)
    kinds = _kinds(config, len(x))
    nodes, numbers = _rows(t["tree.nodes"]), _rows(t["tree.numbers"])
    path = _path(nodes, x)
    mean = next((numbers[i][1] for i in reversed(path) if numbers[i][0] > 0), 0.0)
    _, leaf = _statistics(t, "tree", nodes, path[-1])
    n, mean_y, m2_y = t["tree.whole"][1][3:6]
    scales = t["tree.whole"][1][6:]
    sd_y = math.sqrt(m2_y / n) if n > 0 else 0.0
    z = []
    for a, v in enumerate(x):
        if kinds[a]:
            z += [float(v == k) for k in range(kinds[a])]
            continue
        m, m2 = scales[:2]
        scales = scales[2:]
        sd = math.sqrt(m2 / n) if n > 0 else 0.0
        z.append((v - m) / (3 * sd) if sd > 0 else 0.0)
    z.append(1.0)
    line = mean_y + 3 * sd_y * sum(w * v for w, v in zip(leaf[7:], z))
    rule = config["model.leaf"]
    if rule == "adaptive":
        rule = "mean" if leaf[5] < leaf[6] else "linear"
    return [mean if rule == "mean" else line]


WITHOUT_GRADIENT = {
    "tree": tree,
    "forest": forest,
    "regression-tree": regression_tree,
    "naive-bayes": naive_bayes,
    "adpredictor": adpredictor,
    "half-space-trees": half_space_trees,
}


def score(snapshot, features):
    """Mean, probability of class 1, margin (hinge), or one probability per class; of a posterior
    the mean of those over its draws."""
    config, t = snapshot["config"], tensors(snapshot)
    if is_posterior(snapshot):
        draws = draw_scores(snapshot, features)
        return [sum(scores) / len(draws) for scores in zip(*draws)]
    if config["model.kind"] in WITHOUT_GRADIENT:
        return WITHOUT_GRADIENT[config["model.kind"]](config, t, coordinates(config, features))
    return supervised_score(config, t, features)


def supervised_score(config, t, features):
    pairs = scaled(config, t, coordinates(config, features))
    raw = {"linear": raw_linear, "mlp": raw_mlp, "fm": raw_fm}[config["model.kind"]](config, t, pairs)
    loss = config["model.loss"]
    if loss == "softmax":
        top = max(raw)
        e = [math.exp(r - top) for r in raw]
        return [v / sum(e) for v in e]
    if loss == "logistic":
        return [1 / (1 + math.exp(-raw[0])) if raw[0] > -700 else 0.0]
    if loss == "poisson":
        return [math.exp(raw[0])]
    return raw


# ---- posteriors -------------------------------------------------------------------------------


def is_posterior(snapshot):
    return "posterior.reliable" in snapshot["config"]


def draw_tensors(config, theta):
    """Tensors of a model from the parameters of a draw, which lie one tensor behind the other."""
    d = int(config["features.dimension"])
    kind = config["model.kind"]
    if kind == "mlp":
        hidden = 0
        while "model.hidden.%d" % hidden in config:
            hidden += 1
        units = [d] + [int(config["model.hidden.%d" % l]) for l in range(hidden)]
        inner = sum((n + 1) * m for n, m in zip(units, units[1:]))
        units.append((len(theta) - inner) // (units[-1] + 1))
        shapes = []
        for l, (n, m) in enumerate(zip(units, units[1:])):
            shapes += [("layer%d.weights" % l, [n, m]), ("layer%d.bias" % l, [m])]
    else:
        rank = int(config["model.rank"]) if kind == "fm" else 0
        k = len(theta) // (d + d * rank + 1)
        factors = [("factors", [d, k, rank])] if rank else []
        shapes = [("weights", [d, k])] + factors + [("bias", [k])]
    out, at = {}, 0
    for name, shape in shapes:
        n = math.prod(shape)
        out[name] = (shape, theta[at : at + n])
        at += n
    return out


def draw_scores(snapshot, features):
    """Scores of every draw of a posterior."""
    config = snapshot["config"]
    (m, d), draws = tensors(snapshot)["draws"]
    return [
        supervised_score(config, draw_tensors(config, draws[i * d : (i + 1) * d]), features)
        for i in range(m)
    ]


def interval(draws, output, level):
    """Credible interval of an output, from the scores of all draws."""
    ordered = sorted(scores[output] for scores in draws)

    def quantile(q):
        place = q * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (place - below) * (ordered[above] - ordered[below])

    return [quantile((1 - level) / 2), quantile((1 + level) / 2)]


def class_name(snapshot, scores):
    """Name of the class the scores stand for, None where there are no classes."""
    config = snapshot["config"]
    if "model.classes.0" not in config:
        return None
    if "model.classes.2" in config or config.get("model.loss") == "softmax":
        best = scores.index(max(scores))
    else:
        best = int(scores[0] > (0 if config.get("model.loss") == "hinge" else 0.5))
    return config["model.classes.%d" % best]


# ---- decisions --------------------------------------------------------------------------------


def decisions(schemas, values):
    """Decisions with what they have cost, from the values of the topics of a `tune` job in any
    order: one dict for each (key, id), with `cost` None where no feedback has come. A decision may
    come twice, with equal bytes; feedback counts once, and a fallback's is none of the decision."""
    made, costs = {}, {}
    for value in values:
        name, record = schemas.decode(value)
        place = (record["key"], record["id"]) if name in ("TuneDecision", "TuneFeedback") else None
        if name == "TuneDecision":
            made.setdefault(place, record)
        elif name == "TuneFeedback" and record["source"] == "DECISION":
            costs.setdefault(place, record["cost"])
    out = []
    for place, d in made.items():
        probabilities = dict(zip(d["arms"], d["probabilities"]))
        out.append(
            {
                "key": d["key"],
                "id": d["id"],
                "round": d["round"],
                "incarnation": d["incarnation"],
                "arm": d["arm"],
                "value": d["value"],
                "probability": probabilities[d["arm"]],
                "probabilities": probabilities,
                "policy": d["policy"],
                "source": d["source"],
                "cost": costs.get(place),
            }
        )
    return sorted(out, key=lambda d: (d["key"], d["incarnation"], d["round"]))
