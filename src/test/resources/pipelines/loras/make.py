"""Writes the adapters of LoraTest: python make.py (needs onnxruntime and numpy).

The values are whole numbers of 1/64, so that LoraTest computes the same ones.
"""

import numpy as np
import onnxruntime as ort

WIDTH, RANK = 32, 2


def tensor(rows, columns, step):
    index = np.arange(rows * columns).reshape(rows, columns)
    return ((index * step % 17 - 8) / 64).astype(np.float32)


def write(name, step, width=WIDTH):
    adapter = ort.AdapterFormat()
    adapter.set_adapter_version(1)
    adapter.set_model_version(1)
    tensors = {
        "to_v.lora_A": tensor(width, RANK, step),
        "to_v.lora_B": tensor(RANK, WIDTH, step + 2),
    }
    adapter.set_parameters(
        {key: ort.OrtValue.ortvalue_from_numpy(value) for key, value in tensors.items()}
    )
    adapter.export_adapter(f"{name}.onnx_adapter")


write("five", 5)
write("seven", 7)
write("narrow", 5, width=16)
