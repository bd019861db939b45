"""Milliseconds of a U-Net's call from Python, inputs and output bound to the GPU's memory: no copies but what runs.

    python measure_unet.py sd15-random/unet/model.onnx --rows 1 2 4 8 16 --report sd15-python.json
"""

import argparse
import json
import statistics
import time

import numpy as np
import onnxruntime as ort

TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(int64)": np.int64}
OPEN = {"sample": (4, 64, 64), "encoder_hidden_states": (77, 768), "timestep": ()}


def value(door, rows, random):
    shape = [rows if i == 0 else OPEN[door.name][i - 1] if isinstance(side, str) else side for i, side in enumerate(door.shape)]
    return (random.standard_normal(shape) if door.name != "timestep" else np.full(shape, 500)).astype(TYPES[door.type])


def measure(session, rows, seconds, device):
    random = np.random.default_rng(0)
    binding = session.io_binding()
    for door in session.get_inputs():
        binding.bind_ortvalue_input(door.name, ort.OrtValue.ortvalue_from_numpy(value(door, rows, random), device, 0))
    binding.bind_output(session.get_outputs()[0].name, device)
    for _ in range(5):
        session.run_with_iobinding(binding)
    millis = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(millis) < 7:
        binding.synchronize_inputs()
        begin = time.perf_counter()
        session.run_with_iobinding(binding)
        binding.synchronize_outputs()
        millis.append(1e3 * (time.perf_counter() - begin))
    return {"rows": rows, "calls": len(millis), "millis_per_row": statistics.median(millis) / rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 2, 4, 8, 16])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--report")
    args = parser.parse_args()
    wanted = [("CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}), "CPUExecutionProvider"]
    session = ort.InferenceSession(args.model, providers=wanted)
    device = "cuda" if "CUDAExecutionProvider" in session.get_providers() else "cpu"
    figures = [measure(session, rows, args.seconds, device) for rows in args.rows]
    result = {"model": args.model, "onnxruntime": ort.__version__, "device": device, "figures": figures}
    print(json.dumps(result, indent=2))
    if args.report:
        with open(args.report, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2)


if __name__ == "__main__":
    main()
