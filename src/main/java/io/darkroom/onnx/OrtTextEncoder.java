package io.darkroom.onnx;

import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ElementType;
import io.darkroom.model.EncodedText;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.TensorInfo;
import io.darkroom.model.TextEncoderInfo;
import io.darkroom.model.TextRows;
import io.darkroom.text.Sha256;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A text encoder on ONNX Runtime. Each text is a separate run on one of the lanes, so its bits
 * cannot depend on other texts. Buffers live as long as a run. Engine thread only.
 */
final class OrtTextEncoder implements TextEncoder, AutoCloseable {
  private static final Set<ElementType> INTEGERS = Set.of(ElementType.INT64, ElementType.INT32);

  /** Tokens of the text for the test, whose ids are the first ones. */
  private static final int MOST_TESTED = 77;

  private final TextEncoderInfo info;
  private final TextSessions sessions;
  private final TensorInfo ids;
  private final Optional<TensorInfo> mask;

  private OrtTextEncoder(
      TextEncoderInfo info, TextSessions sessions, TensorInfo ids, Optional<TensorInfo> mask) {
    this.info = info;
    this.sessions = sessions;
    this.ids = ids;
    this.mask = mask;
  }

  static OrtTextEncoder open(Path folder, TextEncoderInfo info, NetworkSettings settings)
      throws BrokenPackage {
    String file = info.component() + "/model.onnx";
    OnnxGraph graph = OnnxGraph.read(folder, file);
    TensorInfo input = found(file, graph.inputs(), NetworkNames.INPUT_IDS);
    Optional<TensorInfo> mask = graph.input(NetworkNames.ATTENTION_MASK);
    boolean integers = graph.inputs().stream().allMatch(each -> INTEGERS.contains(each.type()));
    if (graph.inputs().size() != (mask.isPresent() ? 2 : 1) || !integers) {
      throw new BrokenPackage(
          file,
          NetworkNames.INPUT_IDS,
          "must be the only input except attention_mask, int64 or int32; there are "
              + graph.inputs());
    }
    return new OrtTextEncoder(info, TextSessions.open(folder, info, settings), input, mask);
  }

  /** Returns the digest of its output for a fixed text. */
  String answer() {
    return answer(sessions.plain());
  }

  private String answer(Session session) {
    long[] text = new long[Math.min(info.window(), MOST_TESTED)];
    for (int i = 0; i < text.length; i++) {
      text[i] = i;
    }
    EncodedText encoded =
        encode(session, new Tokenizer.Tokens(text, text.length, Optional.empty()), 0);
    List<TextRows.Layer> all =
        info.outputs().stream()
            .map(each -> new TextRows.Layer(info.component(), each.name()))
            .toList();
    return Sha256.of(TextRows.concatenated(all, Map.of(info.component(), encoded)));
  }

  @Override
  public List<EncodedText> encode(List<Tokenizer.Tokens> texts, int skip) {
    Session session = skip > 0 ? sessions.skipping(this::answer) : sessions.plain();
    EncodedText[] encoded = new EncodedText[texts.size()];
    session
        .lanes()
        .run(encoded.length, (i, lane) -> encoded[i] = encode(session, texts.get(i), skip));
    return List.of(encoded);
  }

  private EncodedText encode(Session session, Tokenizer.Tokens text, int skip) {
    int length = text.ids().length;
    try (RunBuffers buffers = new RunBuffers(session)) {
      TensorRows in = buffers.input(ids, length);
      for (int i = 0; i < length; i++) {
        in.writeElement(i, text.ids()[i]);
      }
      if (mask.isPresent()) {
        TensorRows masked = buffers.input(mask.get(), length);
        for (int i = 0; i < length; i++) {
          masked.writeElement(i, i < text.used() ? 1 : 0);
        }
      }
      for (TensorInfo output : info.outputs(skip)) {
        buffers.output(output, row(output, length));
      }
      return new EncodedText(buffers.run(), length, text.used());
    }
  }

  private static long[] row(TensorInfo output, int length) {
    return output.rank() == 3 ? new long[] {length, output.size(2)} : new long[] {output.size(1)};
  }

  /** See {@link Session#removeLimit}. */
  void removeLimit() {
    sessions.plain().removeLimit();
  }

  @Override
  public void close() {
    sessions.close();
  }

  private static TensorInfo found(String file, List<TensorInfo> signature, String name)
      throws BrokenPackage {
    return signature.stream()
        .filter(info -> info.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BrokenPackage(file, name, "is missing: there are " + signature));
  }
}
