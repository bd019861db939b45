package io.darkroom.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the outputs of text encoders become the hidden states that a network attends to: blocks of
 * tokens one after the other, each with the outputs of one or more encoders concatenated on the
 * last axis.
 *
 * @param blocks the blocks in order
 * @param zeros whether a block of zeros follows them, instead of an encoder that the package leaves
 *     out
 */
public record TextRows(List<Block> blocks, boolean zeros) {

  public TextRows {
    blocks = List.copyOf(blocks);
  }

  /**
   * One output of one encoder.
   *
   * @param encoder its component
   * @param output its name
   */
  public record Layer(String encoder, String output) {

    private Layer before(int skip) {
      return new Layer(encoder, TextRows.before(output, skip));
    }

    /** Returns the output's values for the encoder's text. */
    public float[] of(Map<String, EncodedText> texts) {
      return text(texts).output(output);
    }

    private EncodedText text(Map<String, EncodedText> texts) {
      EncodedText text = texts.get(encoder);
      if (text == null) {
        throw new IllegalStateException("text: is not encoded for " + encoder);
      }
      return text;
    }
  }

  /**
   * Outputs concatenated on the last axis, all with the same number of tokens.
   *
   * @param layers in order
   */
  public record Block(List<Layer> layers) {

    public Block {
      layers = List.copyOf(layers);
    }

    private Block skipping(int skip, Set<String> encoders) {
      return new Block(
          layers.stream()
              .map(each -> encoders.contains(each.encoder()) ? each.before(skip) : each)
              .toList());
    }
  }

  /**
   * Returns the output of a number of layers before, if an output is a hidden state of a layer. For
   * the last hidden state this is one after the final layer norm, too.
   */
  static String before(String output, int skip) {
    if (output.equals(NetworkNames.LAST_HIDDEN_STATE) && skip > 0) {
      return output + "." + skip;
    }
    if (!output.startsWith(NetworkNames.STATES)) {
      return output;
    }
    int layer = Integer.parseInt(output.substring(NetworkNames.STATES.length()));
    return NetworkNames.STATES + (layer - skip);
  }

  /**
   * Returns rows in which the hidden states of some encoders are those of a number of layers
   * before.
   */
  public TextRows skipping(int skip, Set<String> encoders) {
    return new TextRows(
        blocks.stream().map(block -> block.skipping(skip, encoders)).toList(), zeros);
  }

  /** Creates a single block of outputs. */
  public static TextRows sideBySide(List<Layer> layers) {
    return new TextRows(List.of(new Block(layers)), false);
  }

  /** Returns the names of an encoder's outputs that are used. */
  public Set<String> outputs(String encoder) {
    return layers()
        .filter(layer -> layer.encoder().equals(encoder))
        .map(Layer::output)
        .collect(Collectors.toSet());
  }

  private Stream<Layer> layers() {
    return blocks.stream().flatMap(block -> block.layers().stream());
  }

  /**
   * Returns the tokens of all blocks.
   *
   * @param few tokens of a text of any length
   */
  public int tokens(List<TextEncoderInfo> encoders, int few) {
    int sum = zeros ? few : 0;
    for (Block block : blocks) {
      String component = block.layers().get(0).encoder();
      for (TextEncoderInfo encoder : encoders) {
        if (encoder.component().equals(component)) {
          sum += encoder.anyLength() ? few : encoder.window();
        }
      }
    }
    return sum;
  }

  /** Returns the tokens of all blocks for the given texts. */
  private int tokens(Map<String, EncodedText> texts) {
    return blocks.stream().mapToInt(block -> tokens(block, texts)).sum();
  }

  private static int tokens(Block block, Map<String, EncodedText> texts) {
    return block.layers().get(0).text(texts).length();
  }

  /**
   * Returns the hidden states.
   *
   * @param texts one for each encoder, by component
   * @param width width of a token; columns beyond a block's width are zero
   * @param length tokens of the block of zeros, if there is one
   * @return {@code [tokens, width]}
   */
  public float[] join(Map<String, EncodedText> texts, int width, int length) {
    float[] joined = new float[(tokens(texts) + (zeros ? length : 0)) * width];
    int from = 0;
    for (Block block : blocks) {
      int tokens = tokens(block, texts);
      int column = 0;
      for (Layer layer : block.layers()) {
        float[] values = layer.of(texts);
        int columns = values.length / tokens;
        for (int token = 0; token < tokens; token++) {
          System.arraycopy(
              values, token * columns, joined, (from + token) * width + column, columns);
        }
        column += columns;
      }
      from += tokens;
    }
    return joined;
  }

  /** Concatenates pooled outputs. */
  public static float[] concatenated(List<Layer> layers, Map<String, EncodedText> texts) {
    int size = layers.stream().mapToInt(layer -> layer.of(texts).length).sum();
    float[] all = new float[size];
    int from = 0;
    for (Layer layer : layers) {
      float[] values = layer.of(texts);
      System.arraycopy(values, 0, all, from, values.length);
      from += values.length;
    }
    return all;
  }
}
