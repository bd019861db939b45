package io.darkroom.model;

import java.util.Collection;
import java.util.List;

/**
 * A text encoder of a package, as needed by its conditions.
 *
 * @param component its folder, e.g. {@code text_encoder_2}
 * @param tokenizer the folder of its tokenizer
 * @param window number of tokens per text
 * @param anyLength whether a request can choose another length; the window is then the default
 * @param outputs the outputs that are used, sorted by name: {@code [N, tokens, width]}, or {@code
 *     [N, width]} if pooled; the width is known
 * @param mostSkip how many layers a request may skip: the encoder also gives the hidden states of
 *     as many layers before the one that is used
 */
public record TextEncoderInfo(
    String component,
    String tokenizer,
    int window,
    boolean anyLength,
    List<TensorInfo> outputs,
    int mostSkip) {

  public TextEncoderInfo {
    outputs = List.copyOf(outputs);
  }

  /** Returns whether the state of the last layer is used, after the final layer norm. */
  public boolean readsLast() {
    return outputs.stream().anyMatch(each -> each.name().equals(NetworkNames.LAST_HIDDEN_STATE));
  }

  /** Returns whether the state of a layer is used, and the encoder is not one of any length. */
  public boolean hasLayers() {
    return !anyLength && !outputs(0).equals(outputs(1));
  }

  /** Returns the outputs that are used if layers are skipped. */
  public List<TensorInfo> outputs(int skip) {
    return outputs.stream()
        .map(
            each ->
                new TensorInfo(TextRows.before(each.name(), skip), each.type(), each.dimensions()))
        .toList();
  }

  /** Returns the sum of the widths of the given outputs. */
  public static int width(List<TextEncoderInfo> encoders, Collection<TextRows.Layer> layers) {
    int sum = 0;
    for (TextEncoderInfo encoder : encoders) {
      for (TensorInfo output : encoder.outputs) {
        boolean read = layers.contains(new TextRows.Layer(encoder.component, output.name()));
        sum += read ? Math.toIntExact(output.size(output.rank() - 1)) : 0;
      }
    }
    return sum;
  }
}
