package io.darkroom.render;

import io.darkroom.diffusion.sampler.DamagedState;
import io.darkroom.diffusion.sampler.TrajectoryState;
import io.darkroom.engine.PartState;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import io.darkroom.text.Sha256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The state of an unfinished request: all that another worker needs to continue with the same bits.
 *
 * <p>Encoded big-endian: the text {@code DKCP}, the version (int32), the key and the digest of the
 * inputs (32 bytes each), the evaluations (int64), the number of images (int32); then for each
 * image its kind (0 waiting, 1 sampling, 2 sampled; int32), the length of its state (int32) and the
 * state; then the SHA-256 of everything before.
 *
 * @param parts states of the images, in order
 * @param evaluations evaluations of the network so far
 * @param inputsSha256 digest of the input pictures; the checkpoint is valid for the same pictures
 *     only
 */
record Checkpoint(List<PartState> parts, long evaluations, String inputsSha256) {
  private static final int MAGIC = 0x444b4350;
  private static final int VERSION = 1;
  private static final int DIGEST_BYTES = 32;
  private static final int HEAD_BYTES = 2 * Integer.BYTES + 2 * DIGEST_BYTES + 12;
  private static final int PART_BYTES = 2 * Integer.BYTES;
  private static final int WAITING = 0;
  private static final int SAMPLING = 1;
  private static final int SAMPLED = 2;

  Checkpoint {
    parts = List.copyOf(parts);
  }

  /** Bytes that are not a checkpoint of the current render; the message gives the reason. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * Encodes the checkpoint.
   *
   * @param key digest of everything that the render depends on
   */
  byte[] encode(String key) {
    List<byte[]> states = parts.stream().map(Checkpoint::state).toList();
    int length = states.stream().mapToInt(state -> PART_BYTES + state.length).sum();
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + length + DIGEST_BYTES);
    out.putInt(MAGIC).putInt(VERSION).put(digest(key)).put(digest(inputsSha256));
    out.putLong(evaluations).putInt(parts.size());
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
   * @param stage stage of the current render
   * @throws Unusable if the bytes are damaged, or of another render, model, runtime or version
   */
  static Checkpoint decode(byte[] bytes, String key, Stage stage) throws Unusable {
    ByteBuffer in = ByteBuffer.wrap(whole(bytes));
    if (in.getInt() != MAGIC || in.getInt() != VERSION) {
      throw new Unusable("is of another version");
    }
    if (!digest(in).equals(key)) {
      throw new Unusable("is of another request, model or runtime");
    }
    String inputs = digest(in);
    long evaluations = in.getLong();
    int images = in.getInt();
    if (images != stage.parts().size()) {
      throw new Unusable("must have " + stage.parts().size() + " images, has " + images);
    }
    List<PartState> parts = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      parts.add(part(in.getInt(), in.getInt(), in, stage));
    }
    return new Checkpoint(parts, evaluations, inputs);
  }

  /** Checks the digest at the end and returns the bytes before it. */
  private static byte[] whole(byte[] bytes) throws Unusable {
    int length = bytes.length - DIGEST_BYTES;
    if (length < HEAD_BYTES) {
      throw new Unusable("must have " + (HEAD_BYTES + DIGEST_BYTES) + " bytes or more");
    }
    byte[] content = Arrays.copyOf(bytes, length);
    if (!Sha256.of(content).equals(digest(ByteBuffer.wrap(bytes, length, DIGEST_BYTES)))) {
      throw new Unusable("is damaged: its digest is another one");
    }
    return content;
  }

  private static int kind(PartState part) {
    if (part instanceof PartState.Sampling) {
      return SAMPLING;
    }
    return part instanceof PartState.Sampled ? SAMPLED : WAITING;
  }

  private static byte[] state(PartState part) {
    if (part instanceof PartState.Sampling sampling) {
      return sampling.state().encode();
    }
    return part instanceof PartState.Sampled sampled
        ? bytes(sampled.sample().values())
        : new byte[0];
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
      return new PartState.Sampling(TrajectoryState.decode(state, stage.sampler(), size));
    } catch (DamagedState damaged) {
      throw new Unusable(String.valueOf(damaged.getMessage()));
    }
  }

  private static PartState sampled(byte[] state, Stage stage) throws Unusable {
    int size = stage.sample().size();
    if (state.length != size * Float.BYTES) {
      throw new Unusable("must have samples of " + size + " elements");
    }
    float[] values = new float[size];
    ByteBuffer.wrap(state).asFloatBuffer().get(values);
    return new PartState.Sampled(new Tensor(values, stage.sample()));
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
