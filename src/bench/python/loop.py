#!/usr/bin/env python3
"""A simple loop in Python: ancestral Euler with classifier-free guidance in numpy, the network in
ONNX Runtime, all images of a round in one call. No text encoder and no decoder: the embeddings are random numbers.

Usage: loop.py UNET_FOLDER IMAGES STEPS GUIDANCE THREADS
Prints the version of ONNX Runtime, then reads lines; for each line it renders the images once and prints the seconds.
"""

import json
import pathlib
import sys
import time

import numpy as np
import onnxruntime

TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
}
TRAIN_TIMESTEPS = 1000


def open_session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def schedule(config, steps):
    """Falling sigmas, zero at the end, and the timesteps, as diffusers' EulerAncestralDiscreteScheduler has them."""
    if config.get("beta_schedule") == "squaredcos_cap_v2":
        bars = np.cos((np.arange(TRAIN_TIMESTEPS + 1) / TRAIN_TIMESTEPS + 0.008) / 1.008 * np.pi / 2) ** 2
        betas = np.minimum(1 - bars[1:] / bars[:-1], 0.999)
    else:
        betas = np.linspace(config["beta_start"] ** 0.5, config["beta_end"] ** 0.5, TRAIN_TIMESTEPS) ** 2
    alphas = np.cumprod(1 - betas)
    timesteps = np.round(np.arange(TRAIN_TIMESTEPS, 0, -TRAIN_TIMESTEPS / steps)) - 1
    sigmas = np.interp(timesteps, np.arange(TRAIN_TIMESTEPS), ((1 - alphas) / alphas) ** 0.5)
    return timesteps, np.append(sigmas, 0)


class Loop:
    def __init__(self, folder, images, steps, guidance, threads):
        self.session = open_session(folder / "unet/model.onnx", threads)
        config = json.loads((folder / "scheduler/scheduler_config.json").read_text())
        self.prediction = config.get("prediction_type", "epsilon")
        self.timesteps, self.sigmas = schedule(config, steps)
        self.images = images
        self.guidance = guidance
        self.rows = images * (2 if guidance > 1 else 1)
        side = json.loads((folder / "unet/config.json").read_text()).get("sample_size", 64)
        sides = [side, side] if isinstance(side, int) else side
        self.channels = self.session.get_outputs()[0].shape[1]
        if not isinstance(self.channels, int):
            self.channels = 3
        self.shape = (images, self.channels, *sides)
        self.random = np.random.default_rng(0)
        self.inputs, self.further = self.fixed_inputs(sides)

    def fixed_inputs(self, sides):
        """Inputs that are the same in every step: labels, embeddings, and further channels of the sample."""
        inputs = {}
        further = None
        for each in self.session.get_inputs():
            kind = TYPES[each.type]
            if each.name == "sample":
                self.sample_type = kind
                channels = each.shape[1] if isinstance(each.shape[1], int) else self.channels
                more = channels - self.channels
                if more > 0:
                    further = self.random.uniform(-1, 1, (self.rows, more, *sides)).astype(kind)
            elif each.name == "timestep":
                self.timestep_type = kind
                self.timestep_rank = len(each.shape)
            else:
                row = [77 if not isinstance(size, int) else size for size in each.shape[1:]]
                values = self.random.standard_normal((self.rows, *row)) if row else np.ones(self.rows)
                inputs[each.name] = values.astype(kind)
        return inputs, further

    def evaluate(self, x, timestep):
        sample = np.concatenate([x, x]) if self.guidance > 1 else x
        sample = sample.astype(self.sample_type, copy=False)
        if self.further is not None:
            sample = np.concatenate([sample, self.further], axis=1)
        shape = () if self.timestep_rank == 0 else (self.rows,)
        inputs = {"sample": sample, "timestep": np.full(shape, timestep, self.timestep_type), **self.inputs}
        output = self.session.run(None, inputs)[0][:, : self.channels].astype(np.float32, copy=False)
        if self.guidance > 1:
            unconditional, conditional = np.split(output, 2)
            output = unconditional + np.float32(self.guidance) * (conditional - unconditional)
        return output

    def denoised(self, x, output, sigma):
        if self.prediction == "v_prediction":
            return output * np.float32(-sigma / (sigma**2 + 1) ** 0.5) + x / np.float32(sigma**2 + 1)
        return x - np.float32(sigma) * output

    def render(self):
        x = self.random.standard_normal(self.shape, np.float32) * np.float32(self.sigmas[0])
        for i, timestep in enumerate(self.timesteps):
            sigma, following = self.sigmas[i], self.sigmas[i + 1]
            output = self.evaluate(x / np.float32((sigma**2 + 1) ** 0.5), timestep)
            slope = (x - self.denoised(x, output, sigma)) / np.float32(sigma)
            up = (following**2 * (sigma**2 - following**2) / sigma**2) ** 0.5
            down = (following**2 - up**2) ** 0.5
            x = x + slope * np.float32(down - sigma)
            x = x + self.random.standard_normal(self.shape, np.float32) * np.float32(up)
        return x


def main():
    folder, images, steps, guidance, threads = sys.argv[1:]
    loop = Loop(pathlib.Path(folder), int(images), int(steps), float(guidance), int(threads))
    print(onnxruntime.__version__, flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        loop.render()
        print(time.perf_counter() - begin, flush=True)


if __name__ == "__main__":
    main()
