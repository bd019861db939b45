"""Writes a text-to-image package with a U-Net of Stable Diffusion 1.5's shape and random weights in float16.

For speed alone: 860 million parameters that nobody trained. The text encoder has SD 1.5's width and one layer, the
decoder its factor and few channels, so that a package stays small beside its U-Net. With --optimized the U-Net's graph is
the one that ONNX Runtime's transformer optimiser makes of it (fused attention, norms and biases).

    pip install torch diffusers transformers onnx onnxruntime-gpu
    python export_sd15.py --tokenizer ../models/emoji-64/tokenizer --out sd15-random
    python export_sd15.py --tokenizer ../models/emoji-64/tokenizer --out sd15-random-optimized --optimized
"""

import argparse
import json
import shutil
from pathlib import Path

import onnx
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

OPSET = 17
TOKENS = 77
WIDTH = 768
SIDE = 64


class Unet(torch.nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, encoder_hidden_states):
        return self.unet(sample, timestep, encoder_hidden_states, return_dict=False)[0]


class TextEncoder(torch.nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids):
        return self.encoder(input_ids=input_ids, return_dict=False)[0]


class Decoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample):
        return self.vae.decode(latent_sample, return_dict=False)[0]


def export(module, inputs, output, axes, folder):
    """Exports one network; weights lie beside the graph, since a graph's file ends at 2 GiB."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "whole.onnx"
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
    model = onnx.load(whole)
    for file in folder.iterdir():
        file.unlink()
    save(model, folder)


def save(model, folder):
    onnx.save(model, folder / "model.onnx", save_as_external_data=True, location="model.onnx_data", convert_attribute=True)


def optimize(folder, device_is_gpu):
    """Replaces a U-Net's graph by what the transformer optimiser makes of it."""
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("unet")
    options.enable_packed_kv = device_is_gpu
    options.enable_packed_qkv = device_is_gpu
    better = optimize_model(
        str(folder / "model.onnx"),
        model_type="unet",
        num_heads=0,
        hidden_size=0,
        opt_level=0,
        optimization_options=options,
        use_gpu=device_is_gpu,
    )
    print(folder, better.get_fused_operator_statistics())
    for file in folder.iterdir():
        if file.name.startswith("model.onnx"):
            file.unlink()
    save(better.model, folder)


def write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")


def write_unet(out, device, dtype):
    config = dict(
        sample_size=SIDE,
        in_channels=4,
        out_channels=4,
        layers_per_block=2,
        block_out_channels=(320, 640, 1280, 1280),
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=8,
    )
    unet = UNet2DConditionModel(**config).to(device, dtype).eval()
    unet.set_default_attn_processor()
    inputs = {
        "sample": torch.randn(2, 4, SIDE, SIDE, device=device, dtype=dtype),
        "timestep": torch.tensor([500.0, 20.0], device=device, dtype=dtype),
        "encoder_hidden_states": torch.randn(2, TOKENS, WIDTH, device=device, dtype=dtype),
    }
    rows = {0: "rows"}
    axes = {
        "sample": {0: "rows", 2: "height", 3: "width"},
        "timestep": rows,
        "encoder_hidden_states": rows,
        "out_sample": {0: "rows", 2: "height", 3: "width"},
    }
    export(Unet(unet), inputs, "out_sample", axes, out / "unet")
    write_json(out / "unet" / "config.json", {"_class_name": "UNet2DConditionModel", **config})


def write_text_encoder(out, device, dtype, vocabulary):
    config = CLIPTextConfig(
        vocab_size=vocabulary,
        hidden_size=WIDTH,
        intermediate_size=4 * WIDTH,
        num_hidden_layers=1,
        num_attention_heads=12,
        max_position_embeddings=TOKENS,
    )
    encoder = CLIPTextModel._from_config(config, attn_implementation="eager").to(device, dtype).eval()
    ids = {"input_ids": torch.zeros(1, TOKENS, device=device, dtype=torch.int64)}
    export(TextEncoder(encoder), ids, "last_hidden_state", {"input_ids": {0: "texts"}}, out / "text_encoder")
    write_json(out / "text_encoder" / "config.json", json.loads(config.to_json_string()))


def write_decoder(out, device, dtype):
    config = dict(
        in_channels=3,
        out_channels=3,
        latent_channels=4,
        block_out_channels=(32, 32, 32, 32),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        scaling_factor=0.18215,
    )
    vae = AutoencoderKL(**config).to(device, dtype).eval()
    latents = {"latent_sample": torch.randn(1, 4, SIDE, SIDE, device=device, dtype=dtype)}
    sides = {0: "pictures", 2: "height", 3: "width"}
    export(Decoder(vae), latents, "sample", {"latent_sample": sides, "sample": sides}, out / "vae_decoder")
    write_json(out / "vae_decoder" / "config.json", {"_class_name": "AutoencoderKL", **config})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder of a CLIP tokenizer, copied")
    parser.add_argument("--vocabulary", type=int, default=1000, help="entries of that tokenizer")
    parser.add_argument("--optimized", action="store_true")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--precision", choices=("float16", "float32"), default="float16")
    args = parser.parse_args()
    torch.manual_seed(0)
    dtype = getattr(torch, args.precision)
    with torch.no_grad():
        write_unet(args.out, args.device, dtype)
        write_text_encoder(args.out, args.device, dtype, args.vocabulary)
        write_decoder(args.out, args.device, dtype)
    if args.optimized:
        optimize(args.out / "unet", args.device == "cuda")
    shutil.copytree(args.tokenizer, args.out / "tokenizer", dirs_exist_ok=True)
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
    write_json(out := args.out / "scheduler" / "scheduler_config.json", scheduler)
    write_json(args.out / "model_index.json", {"_class_name": "StableDiffusionPipeline"})
    print("written", out.parent.parent)


if __name__ == "__main__":
    main()
