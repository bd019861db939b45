#!/usr/bin/env python3
"""Make a set of percussive sounds, train the class-conditional sound model on it (one CPU core, 20 minutes of processor time; drums-8k had 21 seconds), compare and export it.

  train_drums.py train  --work rundrums --minutes 20
  train_drums.py eval   --work rundrums                     prints envelope and spectral centroid of both sets
  train_drums.py sheet  --work rundrums --out sheet.png     waveforms and spectrograms: training sounds above, made sounds below
  train_drums.py export --work rundrums --out drums-8k      then halve.py drums-8k/unet/model.onnx

The network follows DiffWave (Kong et al. 2021: gated dilated convolutions, residual and skip paths, the noise level added to every layer), but works on
the coefficients of a cosine transform, so that one core can train it. Minutes are processor time of this process: a stopped process does not use up its budget.
"""
import argparse, math, os, time
import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image
from common import T, alphas_cumprod, TimeEmbedding, Ema, ddim, write_json

RATE, LENGTH, BANDS = 8000, 4096, 64
FRAMES = LENGTH // BANDS + 1
CLASSES = ["kick", "snare", "hi-hat", "tom", "clap"]
NONE = len(CLASSES)


def band(noise, low, high):
    """White noise [L] with the frequencies outside low..high Hz removed, with soft edges."""
    f = np.fft.rfftfreq(len(noise), 1 / RATE)
    edge = lambda x: 1 / (1 + np.exp(-np.clip(x / 120, -50, 50)))
    y = np.fft.irfft(np.fft.rfft(noise) * edge(f - low) * edge(high - f), len(noise))
    return y / y.std()


def tone(f0, f1, glide, decay, t):
    """A decaying sine whose frequency falls from f0 to f1 Hz."""
    phase = 2 * np.pi * (f1 * t + (f0 - f1) * glide * (1 - np.exp(-t / glide)))
    return np.sin(phase) * np.exp(-t / decay)


def drum(kind, rng):
    """One sound [L] of a class, with random pitch, decay and level; the highest peak is 0.6 to 0.95."""
    t, u = np.arange(LENGTH) / RATE, rng.uniform
    noise = rng.standard_normal(LENGTH)
    if kind == "kick":
        y = tone(u(140, 220), u(45, 60), u(.02, .04), u(.08, .13), t) + u(.02, .08) * band(noise, 300, 3500) * np.exp(-t / .004)
    elif kind == "snare":
        y = u(.5, .8) * tone(u(240, 300), u(170, 210), .02, u(.04, .07), t) + u(.3, .5) * band(noise, 700, 3900) * np.exp(-t / u(.05, .09))
    elif kind == "hi-hat":
        y = band(noise, u(2500, 2900), 4200) * np.exp(-t / (u(.015, .04) if u(0, 1) < .6 else u(.07, .11)))
    elif kind == "tom":
        f = u(90, 200)
        y = tone(f * u(1.3, 1.6), f, u(.03, .05), u(.08, .13), t) + u(.02, .05) * band(noise, 200, 1500) * np.exp(-t / .02)
    else:
        gap, b = u(.009, .013), np.zeros(LENGTH)
        for k in range(3):
            s = t - k * gap
            b += np.where(s >= 0, np.exp(-np.maximum(s, 0) / .004), 0)
        s = t - 3 * gap
        b += np.where(s >= 0, np.exp(-np.maximum(s, 0) / u(.04, .07)), 0)
        y = band(noise, u(700, 900), u(1900, 2400)) * b
    y *= np.minimum(1, t / .0005)                            # no click at the start
    y *= np.minimum(1, (t[-1] - t) / .02)
    return (y * u(.6, .95) / np.abs(y).max()).astype(np.float32)


def make_set(count, seed):
    """-> sounds [count, 1, L], labels [count]"""
    rng = np.random.default_rng(seed)
    y = np.arange(count) % NONE
    return torch.from_numpy(np.stack([drum(CLASSES[k], rng) for k in y])[:, None]), torch.from_numpy(y)


def transform():
    """The weights of the modified discrete cosine transform with a sine window (Princen, Johnson and Bradley 1987): [BANDS, 1, 2 * BANDS]"""
    n, k = torch.arange(2 * BANDS, dtype=torch.float64), torch.arange(BANDS, dtype=torch.float64)[:, None]
    w = torch.sin(math.pi * (n + 0.5) / (2 * BANDS)) * torch.cos(math.pi / BANDS * (n + 0.5 + BANDS / 2) * (k + 0.5))
    return (w * (2 / BANDS) ** 0.5).float()[:, None]


class Layer(nn.Module):
    """DiffWave's residual layer: a dilated convolution with a gate, an output to the next layer and one to the sum at the end."""
    def __init__(self, c, emb, dilation):
        super().__init__()
        self.dilated, self.level = nn.Conv1d(c, 2 * c, 3, padding=dilation, dilation=dilation), nn.Linear(emb, 2 * c)
        self.out = nn.Conv1d(c, 2 * c, 1)

    def forward(self, h, e):
        a, b = (self.dilated(h) + self.level(e)[:, :, None]).chunk(2, 1)
        r, s = self.out(torch.tanh(a) * torch.sigmoid(b)).chunk(2, 1)
        return (h + r) * 0.5 ** 0.5, s


class DrumNet(nn.Module):
    """-> v prediction [N, 1, L].

    The standard deviation s of the training sounds is measured for each class, frame and band. core() works on unit variance, with s in the place of
    the single number that Karras et al. 2022 use (table 1): an untrained network already gives the best estimate for independent coefficients, and
    learns what they have to do with one another. forward() turns its output into v.
    """
    def __init__(self, channels=48, cycle=(1, 2, 4, 1, 2), emb=32):
        super().__init__()
        self.cfg = dict(channels=channels, cycle=list(cycle), emb=emb)
        ab = alphas_cumprod()
        self.register_buffer("tab", torch.from_numpy(np.stack([np.sqrt(ab), np.sqrt(1 - ab)], 1)).float(), persistent=False)
        self.register_buffer("mdct", transform(), persistent=False)
        self.register_buffer("spread", torch.ones(NONE + 1, BANDS, FRAMES))
        self.time, self.cls = TimeEmbedding(64, emb), nn.Embedding(NONE + 1, emb)
        self.stem = nn.Conv1d(2 * BANDS, channels, 1)
        self.layers = nn.ModuleList([Layer(channels, emb, d) for d in cycle])
        self.mix, self.head = nn.Conv1d(channels, channels, 1), nn.Conv1d(channels, BANDS, 1)
        nn.init.zeros_(self.head.weight), nn.init.zeros_(self.head.bias)

    def split(self, x):
        """Sounds [N, 1, L] -> coefficients [N, BANDS, FRAMES]"""
        return F.conv1d(x, self.mdct, stride=BANDS, padding=BANDS)

    def join(self, c):
        return F.conv_transpose1d(c, self.mdct, stride=BANDS, padding=BANDS)

    def measure(self, x, y):
        c = self.split(x) ** 2
        rows = [c[y == k].mean(0) for k in range(NONE)] + [c.mean(0)]
        self.spread.copy_(torch.stack(rows).sqrt().clamp(min=5e-4))

    def core(self, c, s, e):
        """Coefficients of unit variance -> target of unit variance"""
        h, total = self.stem(torch.cat([c, torch.log(s) / 3 + 1], 1)), 0
        for layer in self.layers:
            h, skip = layer(h, e)
            total = total + skip
        return self.head(F.relu(self.mix(F.relu(total * len(self.layers) ** -0.5))))

    def parts(self, t, y):
        a, b = self.tab[t][:, :, None, None].unbind(1)
        s = self.spread[y]
        return a, b, s, torch.sqrt(a * a * s * s + b * b), F.silu(self.time(t) + self.cls(y))

    def forward(self, sample, timestep, class_labels):
        a, b, s, n, e = self.parts(timestep, class_labels)
        c = self.split(sample)
        clean = self.join(a * s * s / (n * n) * c - b * s / n * self.core(c / n, s, e))
        return (a * sample - clean) / b


def train(a):
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    os.makedirs(a.work, exist_ok=True)
    x, y = make_set(a.count, a.seed)
    model = DrumNet(a.channels)
    model.measure(x, y)
    ema, opt = Ema(model, a.ema), torch.optim.AdamW(model.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4, foreach=True)
    print("parameters %d, sounds %d" % (sum(p.numel() for p in model.parameters()), len(x)), flush=True)
    step, run, t0, saved, ck = 0, None, time.process_time(), time.process_time(), os.path.join(a.work, "ckpt.pt")
    if a.resume:
        s = torch.load(ck, weights_only=False)
        model.load_state_dict(s["model"]), ema.model.load_state_dict(s["ema"]), opt.load_state_dict(s["opt"])
        step = ema.n = s["step"]
    step0 = step

    def save():
        torch.save(dict(model=model.state_dict(), ema=ema.model.state_dict(), opt=opt.state_dict(), cfg=model.cfg, step=step), ck)
    while True:
        spent = time.process_time() - t0
        prog = spent / (a.minutes * 60)
        if prog >= 1:
            break
        f = 1.0 if prog < a.flat else 0.5 * (1 + math.cos(math.pi * (prog - a.flat) / (1 - a.flat)))
        for g in opt.param_groups:
            g["lr"] = a.lr * min(1.0, (step - step0 + 1) / 100) * (0.01 + 0.99 * f)
        i = torch.randint(0, len(x), (a.batch,))
        c = x[i] * torch.where(torch.rand(a.batch, 1, 1) < 0.5, -1.0, 1.0)
        k = torch.where(torch.rand(a.batch) < a.p_null, NONE, y[i])
        t = (((torch.randperm(a.batch) + torch.rand(a.batch)) / a.batch) * T).long().clamp(0, T - 1)
        al, b, s, n, e = model.parts(t, k)
        c, z = model.split(c), model.split(torch.randn_like(c))
        noisy = al * c + b * z
        target = (al * s * s / (n * n) * noisy - c) * n / (b * s)
        w = s / (s + 0.02)                                       # quiet coefficients cannot be heard
        loss = (w * (model.core(noisy / n, s, e) - target) ** 2).sum() / w.sum()
        opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        ema.update(model)
        step += 1
        run = loss.item() if run is None else 0.99 * run + 0.01 * loss.item()
        if step % a.log == 0:
            print("step %6d  %5.1f min  loss %.4f  %.1f sounds/s of processor time" % (step, spent / 60, run, (step - step0) * a.batch / spent), flush=True)
        if time.process_time() - saved > 60:
            save(); saved = time.process_time()
    save()
    print("done, step", step, flush=True)


def load(a):
    s = torch.load(os.path.join(a.work, "ckpt.pt"), weights_only=False)
    m = DrumNet(s["cfg"]["channels"], s["cfg"]["cycle"], s["cfg"]["emb"]).eval()
    m.load_state_dict(s["ema"])
    return m, s


@torch.no_grad()
def render(m, y, a, seed):
    """-> sounds [N, 1, L] of the labels, with guidance"""
    def guided(x, t):
        v = m(torch.cat([x, x]), torch.cat([t, t]), torch.cat([y, torch.full_like(y, NONE)]))
        c, u = v.chunk(2)
        return u + a.guidance * (c - u)
    g = torch.Generator().manual_seed(seed)
    plain = lambda x, t: m(x, t, y)
    return ddim(plain if a.guidance == 1 else guided, torch.randn(len(y), 1, LENGTH, generator=g), alphas_cumprod(), a.steps, a.eta, g)


def figures(x):
    """Means over sounds [N, 1, L]: decibels after 0, 25, 50, 100, 200, 400 ms (RMS of 25 ms), and the spectral centroid in Hz with its deviation."""
    x = x[:, 0].numpy().astype(np.float64)
    at = [int(ms * RATE / 1000) for ms in (0, 25, 50, 100, 200, 400)]
    level = [10 * np.log10((x[:, k:k + 200] ** 2).mean() + 1e-12) for k in at]
    p = np.abs(np.fft.rfft(x)) ** 2
    centroid = (p * np.fft.rfftfreq(LENGTH, 1 / RATE)).sum(1) / p.sum(1)
    return " ".join("%6.1f" % v for v in level) + "   %5.0f +- %4.0f Hz   peak %.2f" % (centroid.mean(), centroid.std(), np.abs(x).max(1).mean())


def evaluate(a):
    torch.set_num_threads(a.threads)
    m, s = load(a)
    x, y = make_set(a.per * NONE, 1000)                      # other sounds than those of the training
    made = render(m, y, a, a.seed)
    print("step %d, %d sounds of each class, %d steps, eta %g, guidance %g; dB at 0, 25, 50, 100, 200, 400 ms; centroid; peak" % (s["step"], a.per, a.steps, a.eta, a.guidance))
    for k, name in enumerate(CLASSES):
        print("%-7s set  %s\n        made %s" % (name, figures(x[y == k]), figures(made[y == k])))


def picture(x):
    """A sound [L] -> grey picture: its waveform above its spectrogram (0 to 4 kHz, 70 dB)"""
    w, h = 256, 96
    wave = np.full((h, w), 255, np.uint8)
    for c in range(w):
        part = x[c * LENGTH // w:(c + 1) * LENGTH // w]
        wave[int((1 - part.max().clip(-1, 1)) / 2 * (h - 1)):int((1 - part.min().clip(-1, 1)) / 2 * (h - 1)) + 1, c] = 0
    frames = np.stack([x[k:k + 256] * np.hanning(256) for k in range(0, LENGTH - 255, 32)])
    db = 20 * np.log10(np.abs(np.fft.rfft(frames)).T[::-1] + 1e-6)
    spec = ((np.clip(db, -35, 35) + 35) / 70 * 255).astype(np.uint8)
    return np.vstack([wave, np.asarray(Image.fromarray(spec).resize((w, 2 * h)))])


def make_sheet(a):
    torch.set_num_threads(a.threads)
    m, _ = load(a)
    y = torch.arange(NONE * a.per) % NONE
    both = [make_set(a.per * NONE, 1000)[0], render(m, y, a, a.seed)]
    rows = [np.hstack([np.pad(picture(z[0].numpy()), 2, constant_values=128) for z in group[k * NONE:(k + 1) * NONE]]) for group in both for k in range(a.per)]
    Image.fromarray(np.vstack(rows)).save(a.out)


def shrink(path):
    """Stores equal constants once, and no names of nodes."""
    m, seen, renamed = onnx.load(path), {}, {}
    for node in list(m.graph.node):
        node.name = ""
        if node.op_type == "Constant":
            first = seen.setdefault(node.attribute[0].SerializeToString(), node.output[0])
            if first != node.output[0]:
                renamed[node.output[0]] = first
                m.graph.node.remove(node)
    for node in m.graph.node:
        node.input[:] = [renamed.get(name, name) for name in node.input]
    onnx.checker.check_model(m)
    onnx.save(m, path)


def export(a):
    m, s = load(a)
    d = os.path.join(a.out, "unet")
    os.makedirs(d, exist_ok=True)
    ex = (torch.randn(2, 1, LENGTH), torch.tensor([10, 900]), torch.tensor([0, NONE]))
    axes = {0: "batch"}
    torch.onnx.export(m, ex, os.path.join(d, "model.onnx"), opset_version=17, dynamo=False, input_names=["sample", "timestep", "class_labels"],
                      output_names=["out_sample"], dynamic_axes={"sample": axes, "timestep": {0: "batch"}, "class_labels": {0: "batch"}, "out_sample": axes})
    shrink(os.path.join(d, "model.onnx"))
    write_json(os.path.join(a.out, "model_index.json"), {
        "_class_name": "ClassConditionalDiffusionPipeline", "scheduler": ["diffusers", "DDIMScheduler"], "unet": ["onnxruntime", "model.onnx"]})
    write_json(os.path.join(a.out, "scheduler", "scheduler_config.json"), {
        "_class_name": "DDIMScheduler", "num_train_timesteps": T, "beta_schedule": "squaredcos_cap_v2", "beta_start": 0.0001,
        "beta_end": 0.02, "prediction_type": "v_prediction", "clip_sample": True, "clip_sample_range": 1.0,
        "set_alpha_to_one": True, "steps_offset": 0, "timestep_spacing": "trailing", "rescale_betas_zero_snr": False, "thresholding": False})
    write_json(os.path.join(a.out, "unet", "config.json"), {
        "_class_name": "DrumNet", "in_channels": 1, "out_channels": 1, "sample_rate": RATE, "sample_size": LENGTH, "size_multiple": LENGTH,
        "num_class_embeds": NONE + 1, "null_class_label": NONE, "guidance_scale_default": a.guidance, "num_inference_steps_default": a.steps,
        "eta_default": a.eta, "residual_channels": s["cfg"]["channels"], "dilation_cycle": s["cfg"]["cycle"], "train_steps": s["step"]})
    write_json(os.path.join(a.out, "labels.json"), {**{name: k for k, name in enumerate(CLASSES)}, "none": NONE})
    print("exported", a.out, os.path.getsize(os.path.join(d, "model.onnx")))


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["train", "eval", "sheet", "export"])
    p.add_argument("--work", default="rundrums")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--count", type=int, default=2500)
    p.add_argument("--channels", type=int, default=48)
    p.add_argument("--minutes", type=float, default=20)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--flat", type=float, default=0.3, help="share of the run at full rate")
    p.add_argument("--ema", type=float, default=0.995)
    p.add_argument("--p-null", type=float, default=0.1)
    p.add_argument("--log", type=int, default=50)
    p.add_argument("--resume", action="store_true", help="go on with the run in --work, for --minutes more")
    p.add_argument("--per", type=int, default=2)
    p.add_argument("--steps", type=int, default=50)
    p.add_argument("--eta", type=float, default=0.0)
    p.add_argument("--guidance", type=float, default=1.0)
    p.add_argument("--out", default="sheet.png")
    a = p.parse_args()
    {"train": train, "eval": evaluate, "sheet": make_sheet, "export": export}[a.what](a)
