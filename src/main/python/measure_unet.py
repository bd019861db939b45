"""Milliseconds of a U-Net's call from Python, with inputs and output bound to the device's memory, without copies.

The providers have Darkroom's options, so that the figures can be compared with those of its benchmark (part "calls").

    python measure_unet.py sd15-random/unet/model.onnx --rows 1 2 4 8 16 --report sd15-python.json
"""

import argparse
import json
import statistics
import time

import numpy as np
import onnxruntime as ort

TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(int64)": np.int64}


def value(door, rows, side, random):
    open_sides = {"sample": (4, side, side), "encoder_hidden_states": (77, 768)}.get(door.name, ())
    shape = [rows if i == 0 else open_sides[i - 1] if isinstance(n, str) else n for i, n in enumerate(door.shape)]
    if door.name in ("timestep", "class_labels"):
        return np.full(shape, 500 if door.name == "timestep" else 0).astype(TYPES[door.type])
    return random.standard_normal(shape).astype(TYPES[door.type])


def measure(session, rows, args, device):
    random = np.random.default_rng(0)
    binding = session.io_binding()
    for door in session.get_inputs():
        binding.bind_ortvalue_input(door.name, ort.OrtValue.ortvalue_from_numpy(value(door, rows, args.side, random), device, 0))
    output = session.get_outputs()[0]
    if device == "cpu":
        # As Java does it: the output's memory is there before the call.
        out = np.zeros([rows, 4, args.side, args.side], TYPES[output.type])
        binding.bind_ortvalue_output(output.name, ort.OrtValue.ortvalue_from_numpy(out, device, 0))
    else:
        binding.bind_output(output.name, device)
    for _ in range(5):
        session.run_with_iobinding(binding)
    millis = []
    end = time.perf_counter() + args.seconds
    while time.perf_counter() < end or len(millis) < 7:
        binding.synchronize_inputs()
        begin = time.perf_counter()
        session.run_with_iobinding(binding)
        binding.synchronize_outputs()
        millis.append(1e3 * (time.perf_counter() - begin))
    return {"rows": rows, "calls": len(millis), "millis_per_row": statistics.median(millis) / rows}


def open_session(model):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    wanted = ["CPUExecutionProvider"]
    if "CUDAExecutionProvider" in ort.get_available_providers():
        wanted.insert(0, ("CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}))
    return ort.InferenceSession(model, options, providers=wanted)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 2, 4, 8, 16])
    parser.add_argument("--side", type=int, default=64, help="of the latents")
    parser.add_argument("--seconds", type=float, default=5, help="of measuring, for each number of rows")
    parser.add_argument("--report")
    args = parser.parse_args()
    session = open_session(args.model)
    device = "cuda" if "CUDAExecutionProvider" in session.get_providers() else "cpu"
    figures = [measure(session, rows, args, device) for rows in args.rows]
    result = {"model": args.model, "onnxruntime": ort.__version__, "device": device, "figures": figures}
    print(json.dumps(result, indent=2))
    if args.report:
        with open(args.report, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2)


if __name__ == "__main__":
    main()
