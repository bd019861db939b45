"""Networks of Stable Diffusion 1.5's shape in plain PyTorch, under the names that diffusers gives their weights.

The U-Net is the whole one: 859 520 964 parameters at its width of 320 channels. Text encoder and decoder only have its doors:
one layer of CLIP's, and an upsampling of eight times with few channels.
"""

import math

import torch
from torch import nn
from torch.nn import functional

PARAMETERS = 859_520_964
WIDTH = 320
TEXT_WIDTH = 768
HEADS = 8
GROUPS = 32
TOKENS = 77


def silu(x):
    return x * torch.sigmoid(x)


class TimestepEmbedding(nn.Module):
    """Cosines, then sines, of geometrically spaced frequencies; computed in float32 for weights of any type."""

    def __init__(self, width, embedding):
        super().__init__()
        self.width = width
        self.linear_1 = nn.Linear(width, embedding)
        self.linear_2 = nn.Linear(embedding, embedding)

    def forward(self, timestep):
        half = self.width // 2
        frequencies = torch.exp(-math.log(10000) / half * torch.arange(half, dtype=torch.float32, device=timestep.device))
        angles = timestep[:, None].float() * frequencies[None]
        waves = torch.cat([torch.cos(angles), torch.sin(angles)], dim=-1).to(self.linear_1.weight.dtype)
        return self.linear_2(silu(self.linear_1(waves)))


class ResnetBlock(nn.Module):
    def __init__(self, channels_in, channels_out, embedding):
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, channels_in, eps=1e-5)
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.time_emb_proj = nn.Linear(embedding, channels_out)
        self.norm2 = nn.GroupNorm(GROUPS, channels_out, eps=1e-5)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else None

    def forward(self, x, embedded):
        h = self.conv1(silu(self.norm1(x)))
        h = h + self.time_emb_proj(silu(embedded))[:, :, None, None]
        h = self.conv2(silu(self.norm2(h)))
        return (x if self.conv_shortcut is None else self.conv_shortcut(x)) + h


class Attention(nn.Module):
    """Attention in single operations, with the heads in the batch: the form that ONNX Runtime's optimiser can fuse."""

    def __init__(self, channels, context):
        super().__init__()
        self.head = channels // HEADS
        self.to_q = nn.Linear(channels, channels, bias=False)
        self.to_k = nn.Linear(context, channels, bias=False)
        self.to_v = nn.Linear(context, channels, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])

    def forward(self, x, context):
        q, k, v = self.apart(self.to_q(x)), self.apart(self.to_k(context)), self.apart(self.to_v(context))
        weights = (torch.bmm(q, k.transpose(-1, -2)) * self.head**-0.5).softmax(dim=-1)
        return self.to_out[0](self.together(torch.bmm(weights, v)))

    def apart(self, x):
        rows, tokens, channels = x.shape
        return x.reshape(rows, tokens, HEADS, self.head).permute(0, 2, 1, 3).reshape(rows * HEADS, tokens, self.head)

    def together(self, x):
        rows, tokens, _ = x.shape
        x = x.reshape(rows // HEADS, HEADS, tokens, self.head).permute(0, 2, 1, 3)
        return x.reshape(rows // HEADS, tokens, HEADS * self.head)


class Geglu(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.proj = nn.Linear(channels, 8 * channels)

    def forward(self, x):
        values, gates = self.proj(x).chunk(2, dim=-1)
        return values * functional.gelu(gates)


class FeedForward(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.net = nn.ModuleList([Geglu(channels), nn.Identity(), nn.Linear(4 * channels, channels)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class TransformerBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attn1 = Attention(channels, channels)
        self.norm2 = nn.LayerNorm(channels)
        self.attn2 = Attention(channels, TEXT_WIDTH)
        self.norm3 = nn.LayerNorm(channels)
        self.ff = FeedForward(channels)

    def forward(self, x, texts):
        normed = self.norm1(x)
        x = self.attn1(normed, normed) + x
        x = self.attn2(self.norm2(x), texts) + x
        return self.ff(self.norm3(x)) + x


class Transformer(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, channels, eps=1e-6)
        self.proj_in = nn.Conv2d(channels, channels, 1)
        self.transformer_blocks = nn.ModuleList([TransformerBlock(channels)])
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, x, texts):
        rows, channels, height, width = x.shape
        h = self.proj_in(self.norm(x)).permute(0, 2, 3, 1).reshape(rows, height * width, channels)
        h = self.transformer_blocks[0](h, texts)
        return self.proj_out(h.reshape(rows, height, width, channels).permute(0, 3, 1, 2)) + x


class Downsampler(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x):
        return self.conv(x)


class Upsampler(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return self.conv(functional.interpolate(x, scale_factor=2.0, mode="nearest"))


class DownBlock(nn.Module):
    def __init__(self, channels_in, channels_out, embedding, attends, last):
        super().__init__()
        ins = [channels_in, channels_out]
        self.resnets = nn.ModuleList([ResnetBlock(c, channels_out, embedding) for c in ins])
        self.attentions = nn.ModuleList([Transformer(channels_out) for _ in ins]) if attends else None
        self.downsamplers = None if last else nn.ModuleList([Downsampler(channels_out)])

    def forward(self, x, embedded, texts):
        """Returns the output of every layer; the up blocks use all of them."""
        outs = []
        for i, resnet in enumerate(self.resnets):
            x = resnet(x, embedded)
            x = x if self.attentions is None else self.attentions[i](x, texts)
            outs.append(x)
        if self.downsamplers is not None:
            outs.append(self.downsamplers[0](x))
        return outs


class MidBlock(nn.Module):
    def __init__(self, channels, embedding):
        super().__init__()
        self.resnets = nn.ModuleList([ResnetBlock(channels, channels, embedding) for _ in range(2)])
        self.attentions = nn.ModuleList([Transformer(channels)])

    def forward(self, x, embedded, texts):
        return self.resnets[1](self.attentions[0](self.resnets[0](x, embedded), texts), embedded)


class UpBlock(nn.Module):
    def __init__(self, channels_in, skips, channels_out, embedding, attends, last):
        super().__init__()
        ins = [channels_in, channels_out, channels_out]
        self.resnets = nn.ModuleList([ResnetBlock(c + s, channels_out, embedding) for c, s in zip(ins, skips)])
        self.attentions = nn.ModuleList([Transformer(channels_out) for _ in ins]) if attends else None
        self.upsamplers = None if last else nn.ModuleList([Upsampler(channels_out)])

    def forward(self, x, skips, embedded, texts):
        for i, resnet in enumerate(self.resnets):
            x = resnet(torch.cat([x, skips[i]], dim=1), embedded)
            x = x if self.attentions is None else self.attentions[i](x, texts)
        return x if self.upsamplers is None else self.upsamplers[0](x)


class Unet(nn.Module):
    """`sample [N, 4, H, W]`, `timestep [N]`, `encoder_hidden_states [N, 77, 768]`; H and W multiples of 8."""

    def __init__(self, width=WIDTH):
        super().__init__()
        self.channels = (width, 2 * width, 4 * width, 4 * width)
        embedding = 4 * width
        self.conv_in = nn.Conv2d(4, width, 3, padding=1)
        self.time_embedding = TimestepEmbedding(width, embedding)
        self.down_blocks, kept = nn.ModuleList(), [width]
        for i, out in enumerate(self.channels):
            last = i == 3
            self.down_blocks.append(DownBlock(kept[-1], out, embedding, not last, last))
            kept += [out] * (2 if last else 3)
        self.mid_block = MidBlock(self.channels[-1], embedding)
        self.up_blocks, x = nn.ModuleList(), self.channels[-1]
        for i, out in enumerate(reversed(self.channels)):
            skips = [kept.pop() for _ in range(3)]
            self.up_blocks.append(UpBlock(x, skips, out, embedding, i > 0, i == 3))
            x = out
        self.conv_norm_out = nn.GroupNorm(GROUPS, width, eps=1e-5)
        self.conv_out = nn.Conv2d(width, 4, 3, padding=1)

    def forward(self, sample, timestep, encoder_hidden_states):
        embedded = self.time_embedding(timestep)
        kept = [self.conv_in(sample)]
        for block in self.down_blocks:
            kept += block(kept[-1], embedded, encoder_hidden_states)
        x = self.mid_block(kept[-1], embedded, encoder_hidden_states)
        for block in self.up_blocks:
            x = block(x, [kept.pop() for _ in range(3)], embedded, encoder_hidden_states)
        return self.conv_out(silu(self.conv_norm_out(x)))


class TextEncoder(nn.Module):
    """`input_ids [N, 77]` to `last_hidden_state [N, 77, 768]`: embeddings and one layer in which a token sees those before it."""

    def __init__(self, vocabulary):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, TEXT_WIDTH)
        self.positions = nn.Parameter(0.02 * torch.randn(TOKENS, TEXT_WIDTH))
        self.norm1 = nn.LayerNorm(TEXT_WIDTH)
        self.to_qkv = nn.Linear(TEXT_WIDTH, 3 * TEXT_WIDTH)
        self.to_out = nn.Linear(TEXT_WIDTH, TEXT_WIDTH)
        self.norm2 = nn.LayerNorm(TEXT_WIDTH)
        self.wide = nn.Linear(TEXT_WIDTH, 4 * TEXT_WIDTH)
        self.narrow = nn.Linear(4 * TEXT_WIDTH, TEXT_WIDTH)
        self.norm3 = nn.LayerNorm(TEXT_WIDTH)
        self.register_buffer("later", torch.full((TOKENS, TOKENS), -1e4).triu(1), persistent=False)

    def forward(self, input_ids):
        x = self.tokens(input_ids) + self.positions
        q, k, v = (t.reshape(-1, TOKENS, 12, 64).transpose(1, 2) for t in self.to_qkv(self.norm1(x)).chunk(3, dim=-1))
        weights = (q @ k.transpose(-1, -2) / 8 + self.later).softmax(dim=-1)
        x = x + self.to_out((weights @ v).transpose(1, 2).reshape(-1, TOKENS, TEXT_WIDTH))
        h = self.wide(self.norm2(x))
        return self.norm3(x + self.narrow(h * torch.sigmoid(1.702 * h)))


class Decoder(nn.Module):
    """`latent_sample [N, 4, H, W]` to `sample [N, 3, 8 H, 8 W]`."""

    def __init__(self, channels=32):
        super().__init__()
        self.conv_in = nn.Conv2d(4, channels, 3, padding=1)
        self.ups = nn.ModuleList([Upsampler(channels) for _ in range(3)])
        self.conv_out = nn.Conv2d(channels, 3, 3, padding=1)

    def forward(self, latent_sample):
        x = silu(self.conv_in(latent_sample))
        for up in self.ups:
            x = silu(up(x))
        return self.conv_out(x)


def parameters(module):
    return sum(each.numel() for each in module.parameters())


def unet(width=WIDTH):
    """A U-Net with random weights; at full width it has Stable Diffusion 1.5's number of parameters."""
    if width % GROUPS:
        raise ValueError(f"width: must be a multiple of {GROUPS}, is {width}")
    network = Unet(width)
    if width == WIDTH and parameters(network) != PARAMETERS:
        raise AssertionError(f"parameters: must be {PARAMETERS}, are {parameters(network)}")
    return network
