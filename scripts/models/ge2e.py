"""
Makes models/speaker-ge2e-256.onnx of the weights in PyPI's Resemblyzer 0.1.4. Not part of any build: the result is
committed, and this says how it came about. Needs numpy and onnx (made with 2.4 and 1.23), not torch.

    pip download --no-deps Resemblyzer==0.1.4 && unzip Resemblyzer-*.whl
    python3 scripts/models/ge2e.py resemblyzer/pretrained.pt models/speaker-ge2e-256.onnx
"""
import collections
import hashlib
import pickle
import struct
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
RATE, FFT, HOP, MELS, HIDDEN, LAYERS = 16_000, 400, 160, 40, 256, 3
TYPES = {"FloatStorage": "<f4", "LongStorage": "<i8", "DoubleStorage": "<f8"}


class Ignored:
    """Stands for every class of torch that holds no weights: nothing of the file is executed."""

    def __init__(self, *_):
        pass


class Unpickler(pickle.Unpickler):
    def find_class(self, _module, name):
        if name in ("_rebuild_tensor", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *_: ("tensor", storage, offset, size, stride)
        if name == "OrderedDict":
            return collections.OrderedDict
        return name if name in TYPES else Ignored

    def persistent_load(self, pid):
        return pid


def read_weights(path):
    """The tensors of `model_state` in torch's format from before it was a zip file."""
    raw = open(path, "rb").read()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        sys.exit(f"{path} is not the file of Resemblyzer 0.1.4")
    file = open(path, "rb")
    for _ in range(3):  # magic number, protocol, system
        pickle.load(file)
    saved = Unpickler(file).load()
    types = {}

    def visit(value):
        if isinstance(value, tuple) and value and value[0] == "tensor":
            types[value[1][2]] = TYPES[value[1][1]]
        elif isinstance(value, (dict, list, tuple)):
            for each in value.values() if isinstance(value, dict) else value:
                visit(each)

    visit(saved)
    storages = {}
    for key in pickle.load(file):
        (count,) = struct.unpack("<q", file.read(8))
        kind = np.dtype(types.get(key, "<f4"))
        storages[key] = np.frombuffer(file.read(count * kind.itemsize), kind)

    def tensor(value):
        _, storage, offset, size, stride = value
        data = storages[storage[2]][offset:]
        return np.lib.stride_tricks.as_strided(data, size, [step * data.itemsize for step in stride]).copy()

    return {name: tensor(value) for name, value in saved["model_state"].items()}


def stft_kernels():
    """Real parts, then imaginary parts, as the kernels of a convolution."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT)
    phase = 2 * np.pi * np.arange(FFT // 2 + 1)[:, None] * np.arange(FFT)[None] / FFT
    return np.concatenate([np.cos(phase) * window, -np.sin(phase) * window])[:, None, :].astype("f4")


def mel_bands():
    """Slaney's mel scale and area normalisation, the defaults of librosa."""
    step = np.log(6.4) / 27

    def to_mel(hertz):
        return np.where(hertz >= 1000, 15 + np.log(np.maximum(hertz, 1e-9) / 1000) / step, hertz * 3 / 200)

    def to_hertz(mel):
        return np.where(mel >= 15, 1000 * np.exp(step * (mel - 15)), mel * 200 / 3)

    edges = to_hertz(np.linspace(to_mel(np.float64(0)), to_mel(np.float64(RATE / 2)), MELS + 2))
    ramps = edges[:, None] - np.linspace(0, RATE / 2, FFT // 2 + 1)[None]
    widths = np.diff(edges)
    bands = np.maximum(0, np.minimum(-ramps[:-2] / widths[:-1, None], ramps[2:] / widths[1:, None]))
    return (bands * (2 / (edges[2:] - edges[:-2]))[:, None]).astype("f4")


def build(weights):
    nodes, constants = [], []

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(kind, inputs, outputs, **attributes):
        nodes.append(helper.make_node(kind, inputs, outputs, **attributes))

    def gates(value):
        """torch has input, forget, cell, output; ONNX input, output, forget, cell."""
        i, f, c, o = np.split(value, 4)
        return np.concatenate([i, o, f, c])

    node("Unsqueeze", ["pcm", constant("one", np.array([1], "i8"))], ["wave"])
    node("Conv", ["wave", constant("stft", stft_kernels())], ["spectrum"], strides=[HOP])
    node("Split", ["spectrum"], ["re", "im"], axis=1, num_outputs=2)
    node("Mul", ["re", "re"], ["re2"])
    node("Mul", ["im", "im"], ["im2"])
    node("Add", ["re2", "im2"], ["power"])
    node("MatMul", [constant("bands", mel_bands()), "power"], ["mel"])
    node("Transpose", ["mel"], ["x0"], perm=[2, 0, 1])
    for layer in range(LAYERS):
        w = constant(f"w{layer}", gates(weights[f"lstm.weight_ih_l{layer}"])[None])
        r = constant(f"r{layer}", gates(weights[f"lstm.weight_hh_l{layer}"])[None])
        biases = [gates(weights[f"lstm.bias_{kind}_l{layer}"]) for kind in ("ih", "hh")]
        b = constant(f"b{layer}", np.concatenate(biases)[None])
        node("LSTM", [f"x{layer}", w, r, b], [f"y{layer}", f"h{layer}"], hidden_size=HIDDEN)
        if layer + 1 < LAYERS:
            node("Squeeze", [f"y{layer}", "one"], [f"x{layer + 1}"])
    node("Squeeze", [f"h{LAYERS - 1}", constant("zero", np.array([0], "i8"))], ["last"])
    weight, bias = constant("weight", weights["linear.weight"]), constant("bias", weights["linear.bias"])
    node("Gemm", ["last", weight, bias], ["linear"], transB=1)
    node("Relu", ["linear"], ["positive"])
    node("LpNormalization", ["positive"], ["embedding"], axis=1, p=2)
    graph = helper.make_graph(
        nodes,
        "ge2e",
        [helper.make_tensor_value_info("pcm", TensorProto.FLOAT, ["n", "t"])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", HIDDEN])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    onnx.save(build(read_weights(sys.argv[1])), sys.argv[2])
