package io.darkroom.onnx;

import io.darkroom.engine.TextEncoder;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ElementType;
import io.darkroom.model.TensorInfo;
import io.darkroom.text.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A text encoder over ONNX Runtime. Texts are run one by one: they are few, and so a text's bits
 * cannot depend on its neighbours. Engine thread only.
 */
final class OrtTextEncoder implements TextEncoder, AutoCloseable {
  private static final String IDS = "input_ids";
  private static final String HIDDEN_STATES = "last_hidden_state";

  private final Session session;
  private final TensorRows ids;
  private final TensorRows hiddenStates;

  private OrtTextEncoder(Session session, TensorRows ids, TensorRows hiddenStates) {
    this.session = session;
    this.ids = ids;
    this.hiddenStates = hiddenStates;
  }

  /**
   * @param tokens the window, in token ids
   */
  static OrtTextEncoder open(Path folder, int tokens, NetworkSettings settings)
      throws BrokenPackage {
    String file = ModelPackage.TEXT_ENCODER;
    OnnxGraph graph = OnnxGraph.read(folder, file);
    TensorInfo input = info(graph.inputs(), IDS);
    TensorInfo output = info(graph.outputs(), HIDDEN_STATES);
    if (graph.inputs().size() != 1
        || (input.type() != ElementType.INT64 && input.type() != ElementType.INT32)) {
      throw new BrokenPackage(
          file, IDS, "must be the only input, int64 or int32; there are " + graph.inputs());
    }
    if (!output.type().real() || output.rank() != 3 || output.size(2) < 1) {
      throw new BrokenPackage(
          file, HIDDEN_STATES, "must be float32 or float16 [N, tokens, width], is " + output);
    }
    Session session = Session.open(folder, file, settings);
    return new OrtTextEncoder(
        session,
        new TensorRows(session.environment(), input.type(), new long[] {tokens}, 1),
        new TensorRows(
            session.environment(), output.type(), new long[] {tokens, output.size(2)}, 1));
  }

  /** Digest of the hidden states of a text that is always the same. */
  String answer() {
    long[] text = new long[ids.elements()];
    for (int i = 0; i < text.length; i++) {
      text[i] = i;
    }
    return Sha256.of(encode(text));
  }

  @Override
  public List<float[]> encode(List<long[]> texts) {
    List<float[]> encoded = new ArrayList<>(texts.size());
    for (long[] text : texts) {
      encoded.add(encode(text));
    }
    return encoded;
  }

  /** As {@link Session#proven}. */
  void proven() {
    session.proven();
  }

  @Override
  public void close() {
    ids.close();
    hiddenStates.close();
    session.close();
  }

  private float[] encode(long[] text) {
    if (text.length != ids.elements()) {
      throw new IllegalArgumentException(
          "token ids: must be " + ids.elements() + ", are " + text.length);
    }
    for (int i = 0; i < text.length; i++) {
      ids.writeElement(i, text[i]);
    }
    session.run(Map.of(IDS, ids.tensor(1)), Map.of(HIDDEN_STATES, hiddenStates.tensor(1)));
    float[] states = new float[hiddenStates.elements()];
    hiddenStates.read(0, states);
    return states;
  }

  private static TensorInfo info(List<TensorInfo> signature, String name) throws BrokenPackage {
    return signature.stream()
        .filter(info -> info.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BrokenPackage(
                    ModelPackage.TEXT_ENCODER, name, "is missing: there are " + signature));
  }
}
