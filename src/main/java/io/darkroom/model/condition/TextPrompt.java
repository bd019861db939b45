package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.job.Prompts;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Config;
import io.darkroom.model.ElementType;
import io.darkroom.model.EncodedText;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.TensorInfo;
import io.darkroom.model.TextEncoderFacts;
import io.darkroom.model.TextEncoderInfo;
import io.darkroom.model.TextLayout;
import io.darkroom.model.TextRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A prompt: the hidden states {@code [tokens, width]} of text encoders, to which the network
 * attends, and, for some networks, a pooled vector of the whole text. Unconditional rows have those
 * of the negative prompt. Each encoder can have a separate text; by default it reads the text of
 * the first encoder.
 *
 * @param encoders in the order of the request's texts
 * @param rows how the outputs become hidden states
 * @param hiddenStates the network's input, {@code [N, tokens, width]}
 * @param mask the network's input for the attention mask, {@code [N, tokens]}; if present, texts
 *     are also converted to lower case, as in PixArt's pipeline
 * @param pooled pooled outputs, concatenated
 * @param pooledInput the network's input for these, {@code [N, width]}
 * @param zeros whether a missing negative prompt means zeros instead of the empty text
 */
public record TextPrompt(
    List<TextEncoderInfo> encoders,
    TextRows rows,
    TensorInfo hiddenStates,
    Optional<TensorInfo> mask,
    List<TextRows.Layer> pooled,
    Optional<TensorInfo> pooledInput,
    boolean zeros)
    implements Condition {
  private static final String INPUT = "encoder_hidden_states";
  private static final String MASK = "encoder_attention_mask";
  private static final String LENGTH = "max_sequence_length";
  private static final String SKIP = "clip_skip";
  private static final int RANK = 3;

  /** Tokens of a text of any length in the self-test. */
  private static final int FEW = 32;

  /** Default tokens of zeros instead of a missing encoder. */
  private static final int ZEROS_LENGTH = 256;

  public TextPrompt {
    encoders = List.copyOf(encoders);
    pooled = List.copyOf(pooled);
  }

  /** Creates a prompt of one encoder, for a network whose input is float32. */
  public static TextPrompt of(int window, long width) {
    List<Long> dimensions = List.of(TensorInfo.ANY, (long) window, width);
    List<Long> states = List.of(TensorInfo.ANY, TensorInfo.ANY, width);
    TensorInfo last = new TensorInfo(NetworkNames.LAST_HIDDEN_STATE, ElementType.FLOAT, states);
    return new TextPrompt(
        List.of(new TextEncoderInfo("text_encoder", "tokenizer", window, false, List.of(last), 0)),
        TextRows.sideBySide(
            List.of(new TextRows.Layer("text_encoder", NetworkNames.LAST_HIDDEN_STATE))),
        new TensorInfo(INPUT, ElementType.FLOAT, dimensions),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        false);
  }

  @Override
  public List<TensorInfo> inputs() {
    List<TensorInfo> inputs = new ArrayList<>(List.of(hiddenStates));
    mask.ifPresent(inputs::add);
    pooledInput.ifPresent(inputs::add);
    return inputs;
  }

  @Override
  public List<TextEncoderInfo> textEncoders() {
    return encoders;
  }

  @Override
  public int tokens() {
    return rows.tokens(encoders, FEW);
  }

  /** Returns whether a request can choose the number of tokens. */
  private boolean anyLength() {
    return rows.zeros() || encoders.stream().anyMatch(TextEncoderInfo::anyLength);
  }

  @Override
  public boolean guides() {
    return true;
  }

  @Override
  public String summary() {
    String texts = encoders.size() == 1 ? "" : " for each of " + encoders.size() + " text encoders";
    return "prompt of " + encoders.get(0).window() + " tokens" + texts;
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    Prompts prompts = request.prompts();
    violations.check(prompts.prompt().isPresent(), "/prompt", "is required for " + model);
    for (String field : Prompts.FIELDS.subList(2 * encoders.size(), Prompts.FIELDS.size())) {
      violations.check(
          prompts.text(field).isEmpty(),
          "/" + field,
          "must be left out: text encoders of " + model + ": " + encoders.size());
    }
    boolean empty = zeros && prompts.negativePrompt().isEmpty();
    if (empty && encoders.size() > 1) {
      violations.check(
          prompts.text(negative(1)).isEmpty(), "/" + negative(1), "needs negative_prompt");
    }
    int length =
        request.arguments().number(LENGTH).stream().mapToInt(n -> (int) n).findFirst().orElse(0);
    int skip = skip(request, model, violations);
    return new Plan(
        this,
        texts(prompts, 0, length, skip),
        empty ? Map.of() : texts(prompts, 1, length, 0),
        length == 0 ? ZEROS_LENGTH : length,
        skip);
  }

  /**
   * Returns how many layers of the CLIP encoders the prompt skips; the negative prompt skips none.
   */
  private int skip(StageRequest request, String model, Violations violations) {
    OptionalDouble asked = request.arguments().number(SKIP);
    int most = mostSkip();
    double skip = asked.orElse(0);
    if (asked.isPresent() && most == 0) {
      violations.add("/" + SKIP, "must be left out: " + reason(model));
    } else {
      violations.check(
          skip <= most, "/" + SKIP, "must be 0 to %d for %s, is %.0f".formatted(most, model, skip));
    }
    return (int) skip;
  }

  private String reason(String model) {
    List<TextEncoderInfo> last =
        encoders.stream().filter(each -> each.hasLayers() && each.readsLast()).toList();
    return last.isEmpty()
        ? "text encoders of " + model + " have no hidden_states of earlier layers"
        : "layers of a CLIP encoder with a final layer norm are not recognised in %s/model.onnx of %s. Export it with the outputs hidden_states.0 to hidden_states.N, or without optimisation of its graph"
            .formatted(last.get(0).component(), model);
  }

  /** Returns how many layers all encoders with a hidden state of a layer can skip. */
  private int mostSkip() {
    return encoders.stream()
        .filter(TextEncoderInfo::hasLayers)
        .mapToInt(TextEncoderInfo::mostSkip)
        .min()
        .orElse(0);
  }

  /** Returns the encoders that skip layers. */
  private Set<String> skippers() {
    return encoders.stream()
        .filter(each -> each.mostSkip() > 0)
        .map(TextEncoderInfo::component)
        .collect(Collectors.toSet());
  }

  private static String negative(int encoder) {
    return Prompts.FIELDS.get(2 * encoder + 1);
  }

  /**
   * Returns the text of each encoder, by component.
   *
   * @param kind 0 for the prompt, 1 for the negative prompt
   * @param length length of texts for encoders of any length; 0 = default
   * @param skip layers of the other encoders that are skipped
   */
  private Map<String, ConditionPlan.Text> texts(Prompts prompts, int kind, int length, int skip) {
    String first = prompts.text(Prompts.FIELDS.get(kind)).orElse("");
    Map<String, ConditionPlan.Text> texts = new LinkedHashMap<>();
    for (int i = 0; i < encoders.size(); i++) {
      String field = Prompts.FIELDS.get(2 * i + kind);
      String value = prompts.text(field).orElse(first);
      TextEncoderInfo encoder = encoders.get(i);
      texts.put(
          encoder.component(),
          new ConditionPlan.Text(
              field,
              mask.isPresent() ? value.toLowerCase(Locale.ROOT).strip() : value,
              encoder.component(),
              encoder.anyLength() && length > 0 ? length : encoder.window(),
              encoder.mostSkip() > 0 ? skip : 0));
    }
    return texts;
  }

  private Conditioning conditioning(Map<String, EncodedText> texts, int zerosLength, int skip) {
    int width = Math.toIntExact(hiddenStates.size(2));
    float[] states = rows.skipping(skip, skippers()).join(texts, width, zerosLength);
    Map<String, float[]> tensors = new HashMap<>();
    tensors.put(INPUT, states);
    mask.ifPresent(input -> tensors.put(input.name(), texts.values().iterator().next().mask()));
    pooledInput.ifPresent(input -> tensors.put(input.name(), TextRows.concatenated(pooled, texts)));
    Conditioning conditioning = new Conditioning(Map.of(), tensors, new float[0]);
    return anyLength() ? conditioning.ofTokens(states.length / width) : conditioning;
  }

  /**
   * The texts of a request, by the component of their encoder.
   *
   * @param negative empty if zeros are used instead
   * @param zerosLength tokens of zeros instead of an encoder that the package leaves out
   * @param skip layers that the positive texts skip
   */
  private record Plan(
      TextPrompt prompt,
      Map<String, Text> positive,
      Map<String, Text> negative,
      int zerosLength,
      int skip)
      implements ConditionPlan {

    @Override
    public List<String> arguments() {
      return prompt.anyLength() ? List.of(LENGTH, SKIP) : List.of(SKIP);
    }

    @Override
    public boolean guides() {
      return true;
    }

    @Override
    public StageRequest fill(StageRequest request) {
      Map<String, String> all = new HashMap<>();
      texts().forEach(text -> all.put(text.field(), text.value()));
      StageRequest filled = request.withPrompts(request.prompts().withDefaults(all));
      return prompt.anyLength()
          ? filled.withArguments(request.arguments().withDefaults(Map.of(LENGTH, length())))
          : filled;
    }

    @Override
    public String digested() {
      return skip > 0 ? SKIP + " " + skip + "\n" : "";
    }

    private int length() {
      return prompt.encoders.stream()
          .filter(TextEncoderInfo::anyLength)
          .mapToInt(encoder -> Objects.requireNonNull(positive.get(encoder.component())).tokens())
          .findFirst()
          .orElse(zerosLength);
    }

    @Override
    public List<Text> texts() {
      List<Text> texts = new ArrayList<>(positive.values());
      texts.addAll(negative.values());
      return texts;
    }

    @Override
    public Rows tensors(Inputs inputs) {
      Conditioning conditional = prompt.conditioning(encoded(positive, inputs), zerosLength, skip);
      Conditioning unconditional =
          negative.isEmpty()
              ? conditional.zeros()
              : prompt.conditioning(encoded(negative, inputs), zerosLength, 0);
      return new Rows(conditional, unconditional);
    }

    private static Map<String, EncodedText> encoded(Map<String, Text> texts, Inputs inputs) {
      Map<String, EncodedText> encoded = new HashMap<>();
      texts.forEach((encoder, text) -> encoded.put(encoder, inputs.text(text)));
      return encoded;
    }
  }

  /** Recognises the condition by the package's text encoders. */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {
    /** Components of encoders, in the order of the request's texts, and those of tokenizers. */
    private static final List<List<String>> ENCODERS =
        List.of(
            List.of("text_encoder", "tokenizer"),
            List.of("bert", "tokenizer"),
            List.of("text_encoder_2", "tokenizer_2"),
            List.of("text_encoder_3", "tokenizer_3"));

    private static final String ZEROS = "force_zeros_for_empty_prompt";

    @Override
    public Optional<TextPrompt> recognize(PackageFacts facts) throws BrokenPackage {
      Optional<TensorInfo> input = facts.input(INPUT);
      List<TextEncoderFacts> encoders = new ArrayList<>();
      for (List<String> each : ENCODERS) {
        if (facts.files().has(each.get(0))) {
          encoders.add(TextEncoderFacts.read(facts.files(), each.get(0), each.get(1)));
        }
      }
      if (encoders.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          prompt(
              facts,
              input.orElseThrow(
                  () -> facts.broken(INPUT, "must be an input, because there is a text encoder")),
              encoders));
    }

    private static TextPrompt prompt(
        PackageFacts facts, TensorInfo input, List<TextEncoderFacts> encoders)
        throws BrokenPackage {
      if (input.rank() != RANK || !input.type().real()) {
        throw facts.broken(INPUT, "must be float32 or float16 of three dimensions, is " + input);
      }
      TextLayout layout = TextLayout.of(facts, encoders);
      List<TextEncoderInfo> infos = layout.infos(encoders);
      Optional<TensorInfo> pooled = facts.input(layout.pooledInput());
      return new TextPrompt(
          infos,
          layout.rows(),
          states(facts, input, infos, layout.rows()),
          facts.input(MASK),
          layout.pooled(),
          pooled.isPresent()
              ? Optional.of(pooledInput(facts, pooled.get(), infos, layout.pooled()))
              : Optional.empty(),
          Boolean.TRUE.equals(facts.files().config("model_index.json").value(ZEROS)));
    }

    private static TensorInfo states(
        PackageFacts facts, TensorInfo input, List<TextEncoderInfo> infos, TextRows rows)
        throws BrokenPackage {
      long width = input.size(2) > 0 ? input.size(2) : configured(facts.config());
      int given = 0;
      for (TextRows.Block block : rows.blocks()) {
        given = Math.max(given, TextEncoderInfo.width(infos, block.layers()));
      }
      boolean padded = rows.zeros() || rows.blocks().size() > 1;
      if (given > width || (given < width && !padded)) {
        throw facts.broken(
            INPUT, "must have the width of the text encoders, " + given + ", has " + width);
      }
      boolean open = rows.zeros() || infos.stream().anyMatch(TextEncoderInfo::anyLength);
      long tokens = open ? TensorInfo.ANY : infos.get(0).window();
      return new TensorInfo(INPUT, input.type(), List.of(TensorInfo.ANY, tokens, width));
    }

    private static long configured(Config config) throws BrokenPackage {
      for (String key : List.of("joint_attention_dim", "caption_channels")) {
        if (config.has(key)) {
          return config.positive(key);
        }
      }
      return config.positive("cross_attention_dim");
    }

    private static TensorInfo pooledInput(
        PackageFacts facts,
        TensorInfo input,
        List<TextEncoderInfo> infos,
        List<TextRows.Layer> pooled)
        throws BrokenPackage {
      long width = TextEncoderInfo.width(infos, pooled);
      boolean fits = input.size(1) < 1 || input.size(1) == width;
      if (input.rank() != 2 || !input.type().real() || !fits) {
        throw facts.broken(
            input.name(), "must be float32 or float16 [N, " + width + "], is " + input);
      }
      return new TensorInfo(input.name(), input.type(), List.of(TensorInfo.ANY, width));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof TextPrompt;
    }

    /** Adds a violation at each text. */
    @Override
    public void refuse(StageRequest request, String model, Violations violations) {
      for (String field : Prompts.FIELDS) {
        violations.check(
            request.prompts().text(field).isEmpty(),
            "/" + field,
            "must be left out: " + model + " reads no texts");
      }
    }
  }
}
