"""Hidden states of a CLIP text encoder after its final layer norm, for clip_skip.

Reads the weights of an exported encoder into transformers' CLIPTextModel and writes, for fixed
token ids, final_layer_norm(hidden_states[-(skip + 1)]) as diffusers' Stable Diffusion pipelines
compute it. Run with torch 2.13, transformers 5.18, onnx 1.23 on a CPU:

    python states.py PACKAGE/text_encoder OUT.npy
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from transformers import CLIPTextConfig, CLIPTextModel

folder = pathlib.Path(sys.argv[1])
config = CLIPTextConfig(**json.loads((folder / "config.json").read_text()))
model = CLIPTextModel(config).eval()
graph = onnx.load(folder / "model.onnx").graph
weights = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
for node in graph.node:  # equal weights are stored once
    if node.op_type == "Identity" and node.input[0] in weights:
        weights[node.output[0]] = weights[node.input[0]]
# The exporter transposes the matrices of linear layers and gives them other names.
for node in graph.node:
    if node.op_type == "MatMul" and node.input[1] in weights:
        path = node.name.strip("/").removesuffix("/MatMul").replace("/", ".")
        weights[path + ".weight"] = weights[node.input[1]].T
state = {}
for name in model.state_dict():
    full = name if name.startswith("text_model.") else "text_model." + name
    state[name] = torch.from_numpy(weights[full].astype(np.float32))
model.load_state_dict(state)

ids = torch.arange(77).unsqueeze(0) * 7 % config.vocab_size
text_model = getattr(model, "text_model", model)
with torch.no_grad():
    out = model(ids, output_hidden_states=True)
    states = out.hidden_states
    assert len(states) == config.num_hidden_layers + 1
    normed = [text_model.final_layer_norm(states[-(skip + 1)])[0] for skip in range(len(states))]
    print("skip 0 differs from last_hidden_state by",
          float((normed[0] - out.last_hidden_state[0]).abs().max()))
np.save(sys.argv[2], torch.stack(normed)[:, ::7].numpy())  # every seventh token
