#!/usr/bin/env python3
"""Train a one-dimensional model on a mixture of three Gaussians (one CPU core, one minute of processor time), measure and export it.

  train_mixture.py train  --work runmix --minutes 1
  train_mixture.py eval   --work runmix                     prints the Kolmogorov-Smirnov distance of 20,000 points
  train_mixture.py export --work runmix --out mixture-1d

A sample is [N, points], by default [N, 1]: every point is processed alone, so that one sample can also hold many points.
"""
import argparse, math, os, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from common import T, alphas_cumprod, TimeEmbedding, Ema, ddim, write_json

WEIGHTS, MEANS, STDS = [0.3, 0.45, 0.25], [-2.0, 0.4, 2.2], [0.3, 0.6, 0.35]


def draw(count):
    k = torch.multinomial(torch.tensor(WEIGHTS), count, replacement=True)
    return torch.tensor(MEANS)[k] + torch.tensor(STDS)[k] * torch.randn(count)


def distribution(x):
    """The mixture's distribution function, float64."""
    return sum(w * 0.5 * (1 + np.vectorize(math.erf)((x - m) / (s * 2 ** 0.5))) for w, m, s in zip(WEIGHTS, MEANS, STDS))


def distance(x):
    """Kolmogorov-Smirnov distance of numbers [n] to the mixture."""
    f, n = distribution(np.sort(x.astype(np.float64))), len(x)
    return max((np.arange(1, n + 1) / n - f).max(), (f - np.arange(n) / n).max())


class Mlp(nn.Module):
    """-> v prediction [N, points]; the noise level scales and shifts the hidden values of every point."""
    def __init__(self, hidden=48):
        super().__init__()
        self.cfg = dict(hidden=hidden)
        self.time, self.first, self.last = TimeEmbedding(32, hidden), nn.Linear(1, hidden), nn.Linear(hidden, 1)
        self.films = nn.ModuleList([nn.Linear(hidden, 2 * hidden) for _ in range(3)])
        self.inner = nn.ModuleList([nn.Linear(hidden, hidden) for _ in range(3)])

    def forward(self, sample, timestep):
        e = F.silu(self.time(timestep))[:, None]
        h = self.first(sample[:, :, None])
        for film, linear in zip(self.films, self.inner):
            scale, shift = film(e).chunk(2, 2)
            h = h + F.silu(linear(h) * (1 + scale) + shift)
        return self.last(h)[:, :, 0]


def train(a):
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    os.makedirs(a.work, exist_ok=True)
    model = Mlp(a.hidden)
    ema, opt = Ema(model, 0.999), torch.optim.AdamW(model.parameters(), lr=a.lr, weight_decay=0)
    ab = torch.from_numpy(alphas_cumprod()).float()
    step, t0, run = 0, time.process_time(), None
    while (prog := (time.process_time() - t0) / (a.minutes * 60)) < 1:
        for g in opt.param_groups:
            g["lr"] = a.lr * min(1.0, (step + 1) / 100) * (0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * prog)))
        x, z, t = draw(a.batch)[:, None], torch.randn(a.batch, 1), torch.randint(0, T, (a.batch,))
        al, si = ab[t].sqrt()[:, None], (1 - ab[t]).sqrt()[:, None]
        loss = F.mse_loss(model(al * x + si * z, t), al * z - si * x)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        ema.update(model)
        step += 1
        run = loss.item() if run is None else 0.999 * run + 0.001 * loss.item()
        if step % 1000 == 0:
            print("step %6d  v-mse %.4f" % (step, run), flush=True)
    torch.save(dict(ema=ema.model.state_dict(), cfg=model.cfg, step=step), os.path.join(a.work, "ckpt.pt"))
    print("done, step", step)


def load(a):
    s = torch.load(os.path.join(a.work, "ckpt.pt"), weights_only=False)
    m = Mlp(**s["cfg"]).eval()
    m.load_state_dict(s["ema"])
    return m, s


def evaluate(a):
    torch.set_num_threads(a.threads)
    m, _ = load(a)
    for steps in (20, 50, 100):
        g = torch.Generator().manual_seed(a.seed)
        with torch.no_grad():
            x = ddim(lambda x, t: m(x, t), torch.randn(1, 20000, generator=g), alphas_cumprod(), steps, 0.0, g, clip=False)
        print("steps %3d  Kolmogorov-Smirnov distance %.4f" % (steps, distance(x[0].numpy())))


def export(a):
    m, s = load(a)
    d = os.path.join(a.out, "unet")
    os.makedirs(d, exist_ok=True)
    axes = {0: "batch", 1: "points"}
    torch.onnx.export(m, (torch.randn(2, 3), torch.tensor([10, 900])), os.path.join(d, "model.onnx"), opset_version=17, dynamo=False, input_names=["sample", "timestep"],
                      output_names=["out_sample"], dynamic_axes={"sample": axes, "timestep": {0: "batch"}, "out_sample": axes})
    write_json(os.path.join(a.out, "model_index.json"), {
        "_class_name": "DDIMPipeline", "scheduler": ["diffusers", "DDIMScheduler"], "unet": ["onnxruntime", "model.onnx"]})
    write_json(os.path.join(a.out, "scheduler", "scheduler_config.json"), {
        "_class_name": "DDIMScheduler", "num_train_timesteps": T, "beta_schedule": "squaredcos_cap_v2", "beta_start": 0.0001,
        "beta_end": 0.02, "prediction_type": "v_prediction", "clip_sample": False, "set_alpha_to_one": True, "steps_offset": 0,
        "timestep_spacing": "trailing", "rescale_betas_zero_snr": False, "thresholding": False})
    write_json(os.path.join(a.out, "unet", "config.json"), {
        "_class_name": "Mlp", "in_channels": 1, "out_channels": 1, "sample_shape": ["points"], "points": 1, "max_points": 65536,
        "num_inference_steps_default": 50, "hidden_size": s["cfg"]["hidden"], "train_steps": s["step"],
        "mixture": {"weights": WEIGHTS, "means": MEANS, "standard_deviations": STDS}})
    print("exported", a.out, os.path.getsize(os.path.join(d, "model.onnx")))


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["train", "eval", "export"])
    p.add_argument("--work", default="runmix")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--hidden", type=int, default=48)
    p.add_argument("--minutes", type=float, default=1)
    p.add_argument("--batch", type=int, default=512)
    p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--out", default="mixture-1d")
    a = p.parse_args()
    {"train": train, "eval": evaluate, "export": export}[a.what](a)
