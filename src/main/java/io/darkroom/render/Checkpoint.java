package io.darkroom.render;

import io.darkroom.diffusion.sampler.DamagedState;
import io.darkroom.diffusion.sampler.TrajectoryState;
import io.darkroom.engine.DeepFeatures;
import io.darkroom.engine.PartState;
import io.darkroom.job.Manifest;
import io.darkroom.json.DamagedManifest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import io.darkroom.text.Sha256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The state of an unfinished request: everything that another worker needs to continue it with the
 * same bits.
 *
 * <p>Encoded big-endian: the text {@code DKCP}, the version (int32), the key and the digest of the
 * inputs (32 bytes each), the evaluations (int64), the stage and the number of parts (int32 each);
 * the files of earlier stages (the length as int32, then JSON); in stages after the first, for each
 * image the picture or sample that it starts from (float32); then for each part its kind (0
 * waiting, 1 sampling, 2 sampled; int32), the length of its state (int32) and the state, with a
 * cache followed by the deep features of its rows; then the SHA-256 of everything before.
 *
 * @param stage the current stage, from 0
 * @param kept files of earlier stages, per stage; empty lists if they are not kept
 * @param pictures results of the previous stage, or their samples, in order; empty in the first
 *     stage
 * @param parts states of the parts of the stage, in order
 * @param evaluations number of network evaluations so far
 * @param inputsSha256 digest of the input pictures; the checkpoint is valid only for the same
 *     pictures
 */
record Checkpoint(
    int stage,
    List<List<Manifest.OutputFile>> kept,
    List<Tensor> pictures,
    List<PartState> parts,
    long evaluations,
    String inputsSha256) {
  private static final int MAGIC = 0x444b4350;
  private static final int VERSION = 2;
  private static final int DIGEST_BYTES = 32;
  private static final int HEAD_BYTES = 2 * Integer.BYTES + 2 * DIGEST_BYTES + 20;
  private static final int PART_BYTES = 2 * Integer.BYTES;
  private static final int WAITING = 0;
  private static final int SAMPLING = 1;
  private static final int SAMPLED = 2;

  Checkpoint {
    kept = List.copyOf(kept);
    pictures = List.copyOf(pictures);
    parts = List.copyOf(parts);
  }

  /** Bytes that are not a checkpoint of the current render; the message gives the reason. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /** Returns the bytes of the samples and pictures, which are nearly all of the encoded bytes. */
  long sampleBytes() {
    long bytes = 0;
    for (Tensor picture : pictures) {
      bytes += (long) picture.values().length * Float.BYTES;
    }
    for (PartState part : parts) {
      bytes += sampleBytes(part);
    }
    return bytes;
  }

  private static long sampleBytes(PartState part) {
    if (part instanceof PartState.Sampling sampling) {
      return sampling.state().encodedBytes() + sampling.features().encodedBytes();
    }
    return part instanceof PartState.Sampled sampled
        ? (long) sampled.sample().values().length * Float.BYTES
        : 0;
  }

  /**
   * Encodes the checkpoint.
   *
   * @param key digest of everything that the render depends on
   */
  byte[] encode(String key) {
    List<byte[]> before = pictures.stream().map(picture -> bytes(picture.values())).toList();
    List<byte[]> states = parts.stream().map(Checkpoint::state).toList();
    byte[] files = ManifestCodec.writeOutputs(kept);
    int length =
        files.length
            + before.stream().mapToInt(picture -> picture.length).sum()
            + states.stream().mapToInt(state -> PART_BYTES + state.length).sum();
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + length + DIGEST_BYTES);
    out.putInt(MAGIC).putInt(VERSION).put(digest(key)).put(digest(inputsSha256));
    out.putLong(evaluations).putInt(stage).putInt(parts.size());
    out.putInt(files.length).put(files);
    before.forEach(out::put);
    for (int i = 0; i < states.size(); i++) {
      out.putInt(kind(parts.get(i))).putInt(states.get(i).length).put(states.get(i));
    }
    byte[] all = out.array();
    out.put(digest(Sha256.of(Arrays.copyOf(all, HEAD_BYTES + length))));
    return all;
  }

  /**
   * Decodes a checkpoint.
   *
   * @param key key of the current render
   * @param plan plan of the current render
   * @throws Unusable if the bytes are damaged, or of another render, model, runtime or version
   */
  static Checkpoint decode(byte[] bytes, String key, RenderPlan plan) throws Unusable {
    ByteBuffer in = ByteBuffer.wrap(verified(bytes));
    if (in.getInt() != MAGIC || in.getInt() != VERSION) {
      throw new Unusable("is of another version");
    }
    if (!digest(in).equals(key)) {
      throw new Unusable("is of another request, model or runtime");
    }
    String inputs = digest(in);
    long evaluations = in.getLong();
    int number = in.getInt();
    if (number < 0 || number >= plan.stages().size()) {
      throw new Unusable("must be of a stage from 0 to " + (plan.stages().size() - 1));
    }
    Stage stage = plan.stages().get(number);
    int parts = in.getInt();
    if (parts != stage.parts()) {
      throw new Unusable("must have " + stage.parts() + " parts, has " + parts);
    }
    List<List<Manifest.OutputFile>> kept = kept(in);
    List<Tensor> pictures = new ArrayList<>();
    for (int i = 0; number > 0 && i < stage.images().size(); i++) {
      pictures.add(picture(in, stage.receivedShape()));
    }
    List<PartState> states = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      states.add(part(in.getInt(), in.getInt(), in, stage));
    }
    return new Checkpoint(number, kept, pictures, states, evaluations, inputs);
  }

  /** Checks the digest at the end and returns the bytes before it. */
  private static byte[] verified(byte[] bytes) throws Unusable {
    int length = bytes.length - DIGEST_BYTES;
    if (length < HEAD_BYTES) {
      throw new Unusable("must have " + (HEAD_BYTES + DIGEST_BYTES) + " bytes or more");
    }
    byte[] content = Arrays.copyOf(bytes, length);
    if (!Sha256.of(content).equals(digest(ByteBuffer.wrap(bytes, length, DIGEST_BYTES)))) {
      throw new Unusable("is damaged: its digest does not match");
    }
    return content;
  }

  private static List<List<Manifest.OutputFile>> kept(ByteBuffer in) throws Unusable {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new Unusable("ends within the files of earlier stages");
    }
    byte[] json = new byte[length];
    in.get(json);
    try {
      return ManifestCodec.readOutputs(json);
    } catch (DamagedManifest damaged) {
      throw new Unusable(String.valueOf(damaged.getMessage()));
    }
  }

  private static Tensor picture(ByteBuffer in, Shape shape) throws Unusable {
    if (in.remaining() < (long) shape.size() * Float.BYTES) {
      throw new Unusable("ends within a picture");
    }
    byte[] values = new byte[shape.size() * Float.BYTES];
    in.get(values);
    return new Tensor(floats(values), shape);
  }

  private static int kind(PartState part) {
    if (part instanceof PartState.Sampling) {
      return SAMPLING;
    }
    return part instanceof PartState.Sampled ? SAMPLED : WAITING;
  }

  private static byte[] state(PartState part) {
    if (part instanceof PartState.Sampling sampling) {
      return joined(sampling.state().encode(), sampling.features().encode());
    }
    return part instanceof PartState.Sampled sampled
        ? bytes(sampled.sample().values())
        : new byte[0];
  }

  private static byte[] joined(byte[] state, byte[] features) {
    byte[] both = Arrays.copyOf(state, state.length + features.length);
    System.arraycopy(features, 0, both, state.length, features.length);
    return both;
  }

  private static PartState part(int kind, int length, ByteBuffer in, Stage stage) throws Unusable {
    if (length < 0 || length > in.remaining()) {
      throw new Unusable("ends within an image");
    }
    byte[] state = new byte[length];
    in.get(state);
    return switch (kind) {
      case WAITING -> new PartState.Waiting();
      case SAMPLING -> sampling(state, stage);
      case SAMPLED -> sampled(state, stage);
      default -> throw new Unusable("has an image of kind " + kind);
    };
  }

  private static PartState sampling(byte[] state, Stage stage) throws Unusable {
    try {
      int size = stage.sample().size();
      int own = TrajectoryState.encodedBytes(stage.sampler(), size);
      byte[] trajectory = Arrays.copyOf(state, Math.min(own, state.length));
      ByteBuffer rest = ByteBuffer.wrap(state).position(trajectory.length);
      return new PartState.Sampling(
          TrajectoryState.decode(trajectory, stage.sampler(), size),
          DeepFeatures.decode(rest, stage));
    } catch (DamagedState damaged) {
      throw new Unusable(String.valueOf(damaged.getMessage()));
    }
  }

  private static PartState sampled(byte[] state, Stage stage) throws Unusable {
    int size = stage.sample().size();
    if (state.length != size * Float.BYTES) {
      throw new Unusable("must have samples of " + size + " elements");
    }
    return new PartState.Sampled(new Tensor(floats(state), stage.sample()));
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static byte[] digest(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String digest(ByteBuffer in) {
    byte[] digest = new byte[DIGEST_BYTES];
    in.get(digest);
    return HexFormat.of().formatHex(digest);
  }
}
