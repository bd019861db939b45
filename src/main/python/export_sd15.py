"""Writes a text-to-image package with a U-Net of Stable Diffusion 1.5's shape and random weights in float16.

Only for measuring speed: 860 million untrained parameters. The text encoder has SD 1.5's width and one layer, the decoder
its factor and few channels, so that the package is hardly larger than its U-Net. With --optimized the U-Net's graph is the one
that ONNX Runtime's transformer optimiser writes (fused attention, norms and biases): for a GPU, whose kernels a CPU does
not have, or with "cpu" the fusions that a CPU supports (float32). unet/reference contains the inputs of a row and the
output of PyTorch in float32, with the weights of the package.

    pip install torch onnx onnxruntime
    python export_sd15.py --tokenizer ../models/emoji-64/tokenizer --out sd15-random
    python export_sd15.py --tokenizer ../models/emoji-64/tokenizer --out sd15-random-optimized --optimized
    python export_sd15.py --tokenizer ../models/emoji-64/tokenizer --out sd15-small --width 32 --side 16
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import sd15_networks
import torch

OPSET = 17
TRACED_SIDE = 16
SIDES = {0: "rows", 2: "height", 3: "width"}


def export(module, inputs, output, axes, folder):
    """Exports one network; its weights are in a separate file, because a graph's file is limited to 2 GiB."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            module,
            tuple(inputs.values()),
            whole,
            input_names=list(inputs),
            output_names=[output],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        save(onnx.load(whole), folder)


def save(model, folder):
    """Writes a graph and its weights, and replaces existing ones."""
    for name in ("model.onnx", "model.onnx_data"):
        (folder / name).unlink(missing_ok=True)
    onnx.save(model, folder / "model.onnx", save_as_external_data=True, location="model.onnx_data", convert_attribute=True)
    (folder / "model.onnx_data").chmod(0o644)


def optimize(folder, provider):
    """Replaces a U-Net's graph by the output of the transformer optimiser."""
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    declare_what_is_written()
    options = FusionOptions("unet")
    if provider == "cpu":
        options.enable_packed_kv = options.enable_packed_qkv = False
        options.enable_group_norm = options.enable_skip_group_norm = False
        options.enable_nhwc_conv = options.enable_bias_splitgelu = options.enable_bias_add = False
    better = optimize_model(
        str(folder / "model.onnx"),
        model_type="unet",
        num_heads=0,
        hidden_size=0,
        opt_level=0,
        optimization_options=options,
        use_gpu=provider == "cuda",
    )
    print(folder, better.get_fused_operator_statistics())
    save(better.model, folder)


def declare_what_is_written():
    """Norms' weights are float32 in fused graphs; the optimiser declares them so and writes a float16 graph's bytes."""
    from fusion_base import Fusion  # in the folder of the optimiser, which adds it to the path

    add = Fusion.add_initializer

    def add_typed(self, name, data_type, dims, vals, raw=True):
        return add(self, name, data_type, dims, np.asarray(vals).astype(onnx.helper.tensor_dtype_to_np_dtype(data_type)), raw)

    Fusion.add_initializer = add_typed


def write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")


def unet_inputs(rows, side, device, dtype):
    return {
        "sample": torch.randn(rows, 4, side, side).to(device, dtype),
        "timestep": torch.tensor([500.0, 20.0][:rows], device=device, dtype=dtype),
        "encoder_hidden_states": torch.randn(rows, sd15_networks.TOKENS, sd15_networks.TEXT_WIDTH).to(device, dtype),
    }


def write_unet(out, args, dtype):
    unet = sd15_networks.unet(args.width).to(args.device, dtype).eval()
    print("parameters of the U-Net:", sd15_networks.parameters(unet))
    rows = {0: "rows"}
    axes = {"sample": SIDES, "timestep": rows, "encoder_hidden_states": rows, "out_sample": SIDES}
    # Shapes are open, so that a small picture is as good as a large one to trace with.
    export(unet, unet_inputs(2, TRACED_SIDE, args.device, dtype), "out_sample", axes, out)
    config = {
        "_class_name": "UNet2DConditionModel",
        "sample_size": args.side,
        "in_channels": 4,
        "out_channels": 4,
        "layers_per_block": 2,
        "block_out_channels": unet.channels,
        "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
        "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
        "cross_attention_dim": sd15_networks.TEXT_WIDTH,
        "attention_head_dim": sd15_networks.HEADS,
    }
    write_json(out / "config.json", config)
    write_reference(out / "reference", unet, unet_inputs(1, args.side, args.device, dtype))


def write_reference(folder, unet, inputs):
    folder.mkdir(exist_ok=True)
    inputs = {name: value.float() for name, value in inputs.items()}
    output = unet.float()(**inputs)
    for name, value in {**inputs, "out_sample": output}.items():
        np.save(folder / f"{name}.npy", value.cpu().numpy())


def write_text_encoder(out, args, dtype):
    encoder = sd15_networks.TextEncoder(args.vocabulary).to(args.device, dtype).eval()
    ids = {"input_ids": torch.zeros(1, sd15_networks.TOKENS, device=args.device, dtype=torch.int64)}
    axes = {"input_ids": {0: "texts"}, "last_hidden_state": {0: "texts"}}
    export(encoder, ids, "last_hidden_state", axes, out)
    write_json(out / "config.json", {"max_position_embeddings": sd15_networks.TOKENS, "hidden_size": sd15_networks.TEXT_WIDTH})


def write_decoder(out, args, dtype):
    decoder = sd15_networks.Decoder().to(args.device, dtype).eval()
    latents = {"latent_sample": torch.randn(1, 4, TRACED_SIDE, TRACED_SIDE).to(args.device, dtype)}
    export(decoder, latents, "sample", {"latent_sample": SIDES, "sample": SIDES}, out)
    write_json(out / "config.json", {"latent_channels": 4, "block_out_channels": [32] * 4, "scaling_factor": 0.18215})


def write_scheduler(out):
    scheduler = {
        "_class_name": "PNDMScheduler",
        "num_train_timesteps": 1000,
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "prediction_type": "epsilon",
        "skip_prk_steps": True,
        "set_alpha_to_one": False,
        "steps_offset": 1,
    }
    write_json(out / "scheduler_config.json", scheduler)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder of a CLIP tokenizer, copied")
    parser.add_argument("--vocabulary", type=int, default=1000, help="entries of that tokenizer")
    parser.add_argument("--optimized", nargs="?", const="cuda", choices=("cuda", "cpu"), help="for which provider")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--precision", choices=("float16", "float32"), default="float16")
    parser.add_argument("--width", type=int, default=sd15_networks.WIDTH, help="channels of the U-Net's first block")
    parser.add_argument("--side", type=int, default=64, help="of the latents")
    args = parser.parse_args()
    if args.optimized == "cpu" and args.precision == "float16":
        parser.error("--optimized cpu: needs --precision float32, a processor has no fused kernels of float16")
    return args


def main():
    args = arguments()
    torch.manual_seed(0)
    dtype = getattr(torch, args.precision)
    with torch.no_grad():
        write_text_encoder(args.out / "text_encoder", args, dtype)
        write_decoder(args.out / "vae_decoder", args, dtype)
        write_unet(args.out / "unet", args, dtype)
    if args.optimized:
        optimize(args.out / "unet", args.optimized)
    shutil.copytree(args.tokenizer, args.out / "tokenizer", dirs_exist_ok=True)
    write_scheduler(args.out / "scheduler")
    write_json(args.out / "model_index.json", {"_class_name": "StableDiffusionPipeline"})
    print("written", args.out)


if __name__ == "__main__":
    main()
