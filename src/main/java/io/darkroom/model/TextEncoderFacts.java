package io.darkroom.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The facts from a text encoder's files: its configuration and the outputs that its graph declares.
 *
 * @param component its folder
 * @param tokenizer the folder of its tokenizer
 * @param normedStates number of layers before the last one whose states it can give after its final
 *     layer norm, including the embeddings
 */
public record TextEncoderFacts(
    String component, String tokenizer, Config config, List<TensorInfo> outputs, int normedStates) {
  private static final String WINDOW = "max_position_embeddings";
  private static final String LAYERS = "num_hidden_layers";
  private static final String CLIP = "clip_text_model";

  public TextEncoderFacts {
    outputs = List.copyOf(outputs);
  }

  /**
   * Reads the facts of a text encoder.
   *
   * @throws BrokenPackage if the network or its configuration is missing or damaged
   */
  public static TextEncoderFacts read(PackageFacts.Files files, String component, String tokenizer)
      throws BrokenPackage {
    Config config = files.config(component + "/config.json");
    return new TextEncoderFacts(
        component,
        tokenizer,
        config,
        files.outputs(component),
        normedStates(files, component, config));
  }

  private static int normedStates(PackageFacts.Files files, String component, Config config)
      throws BrokenPackage {
    if (!CLIP.equals(config.value("model_type")) || !config.has(LAYERS)) {
      return 0;
    }
    int layers = config.positive(LAYERS);
    return files.givesEarlierStates(component, layers) ? layers : 0;
  }

  /** Returns a reference to one of the outputs. */
  public TextRows.Layer layer(String output) {
    return new TextRows.Layer(component, output);
  }

  /** Returns the second-to-last hidden state. */
  public TextRows.Layer beforeLast() throws BrokenPackage {
    return layer(NetworkNames.STATES + (config.positive(LAYERS) - 1));
  }

  /** Returns whether the encoder accepts texts of any length (T5). */
  public boolean anyLength() {
    return !config.has(WINDOW);
  }

  /**
   * Returns the encoder's window and those of its outputs that are used.
   *
   * @param length the window of an encoder of any length if the request gives none
   */
  public TextEncoderInfo info(Set<String> read, int length) throws BrokenPackage {
    List<TensorInfo> known = new ArrayList<>();
    for (String name : new TreeSet<>(read)) {
      known.add(known(name));
    }
    int window = anyLength() ? length : config.positive(WINDOW);
    return new TextEncoderInfo(component, tokenizer, window, anyLength(), known, mostSkip(read));
  }

  /** Returns for how many layers before the hidden state that is used there are states, too. */
  private int mostSkip(Set<String> read) {
    if (read.contains(NetworkNames.LAST_HIDDEN_STATE)) {
      return normedStates;
    }
    List<String> states =
        read.stream().filter(name -> name.startsWith(NetworkNames.STATES)).toList();
    Set<String> all = outputs.stream().map(TensorInfo::name).collect(Collectors.toSet());
    int skip = 0;
    while (!states.isEmpty() && all.contains(TextRows.before(states.get(0), skip + 1))) {
      skip++;
    }
    return skip;
  }

  /** Returns an output with its width, which exporters often leave open. */
  private TensorInfo known(String name) throws BrokenPackage {
    String file = component + "/model.onnx";
    TensorInfo output =
        outputs.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new BrokenPackage(file, name, "is missing: there are " + outputs));
    int last = output.rank() - 1;
    if (!output.type().real() || last < 1 || last > 2) {
      String rule = "must be float32 or float16 [N, tokens, width] or [N, width], is ";
      throw new BrokenPackage(file, name, rule + output);
    }
    List<Long> dimensions = new ArrayList<>(Collections.nCopies(last + 1, TensorInfo.ANY));
    dimensions.set(last, output.size(last) > 0 ? output.size(last) : width(name));
    return new TensorInfo(name, output.type(), dimensions);
  }

  private long width(String output) throws BrokenPackage {
    if (output.equals(NetworkNames.TEXT_EMBEDS)) {
      return config.positive("projection_dim");
    }
    return config.positive(config.has("hidden_size") ? "hidden_size" : "d_model");
  }
}
