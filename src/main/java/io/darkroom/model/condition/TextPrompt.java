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
import io.darkroom.model.ElementType;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.TensorInfo;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A prompt: the hidden states {@code [tokens, width]} that a text encoder gives for it, which the
 * network attends to. Unguided rows have those of the negative prompt.
 *
 * @param window token ids per text
 * @param hiddenStates the network's input, {@code [N, tokens, width]}
 */
public record TextPrompt(int window, TensorInfo hiddenStates) implements Condition {
  private static final String INPUT = "encoder_hidden_states";
  private static final String ENCODER = "text_encoder";
  private static final int RANK = 3;

  /** A prompt for a network whose input is of float32. */
  public static TextPrompt of(int window, long width) {
    List<Long> dimensions = List.of(TensorInfo.ANY, (long) window, width);
    return new TextPrompt(window, new TensorInfo(INPUT, ElementType.FLOAT, dimensions));
  }

  @Override
  public List<TensorInfo> inputs() {
    return List.of(hiddenStates);
  }

  @Override
  public OptionalInt tokens() {
    return OptionalInt.of(window);
  }

  @Override
  public boolean guides() {
    return true;
  }

  @Override
  public String summary() {
    return "prompt of " + window + " tokens";
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    Prompts prompts = request.prompts();
    violations.check(prompts.prompt().isPresent(), "/prompt", "is required for " + model);
    String second = "is not supported by this worker";
    violations.check(prompts.prompt2().isEmpty(), "/prompt_2", second);
    violations.check(prompts.negativePrompt2().isEmpty(), "/negative_prompt_2", second);
    return new Plan(prompts.prompt().orElse(""), prompts.negativePrompt().orElse(""));
  }

  /** Both texts of a request. */
  private record Plan(String prompt, String negativePrompt) implements ConditionPlan {

    @Override
    public boolean guides() {
      return true;
    }

    @Override
    public StageRequest fill(StageRequest request) {
      return request.withPrompts(
          new Prompts(
              Optional.of(prompt),
              Optional.of(negativePrompt),
              Optional.empty(),
              Optional.empty()));
    }

    @Override
    public List<Text> texts() {
      return List.of(new Text("prompt", prompt), new Text("negative_prompt", negativePrompt));
    }

    @Override
    public Rows tensors(Inputs inputs) {
      return new Rows(
          Conditioning.tensor(INPUT, inputs.hiddenStates().get(0)),
          Conditioning.tensor(INPUT, inputs.hiddenStates().get(1)));
    }
  }

  /** Recognised by the text encoder beside the network. */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {

    @Override
    public Optional<TextPrompt> recognize(PackageFacts facts) throws BrokenPackage {
      Optional<TensorInfo> input = facts.input(INPUT);
      if (input.isPresent() != facts.files().has(ENCODER)) {
        throw facts.broken(INPUT, "must be an input where there is a text encoder, and only there");
      }
      return input.isPresent() ? Optional.of(prompt(facts, input.get())) : Optional.empty();
    }

    private static TextPrompt prompt(PackageFacts facts, TensorInfo input) throws BrokenPackage {
      if (input.rank() != RANK || !input.type().real()) {
        throw facts.broken(INPUT, "must be float32 or float16 of three dimensions, is " + input);
      }
      int tokens =
          facts.files().config(ENCODER + "/config.json").positive("max_position_embeddings");
      long width =
          input.size(2) > 0 ? input.size(2) : facts.config().positive("cross_attention_dim");
      List<Long> dimensions = List.of(TensorInfo.ANY, (long) tokens, width);
      return new TextPrompt(tokens, new TensorInfo(INPUT, input.type(), dimensions));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof TextPrompt;
    }

    /** Adds a violation at each text. */
    @Override
    public void refuse(StageRequest request, String model, Violations violations) {
      Prompts prompts = request.prompts();
      String rule = "must be left out: " + model + " reads no texts";
      violations.check(prompts.prompt().isEmpty(), "/prompt", rule);
      violations.check(prompts.negativePrompt().isEmpty(), "/negative_prompt", rule);
      violations.check(prompts.prompt2().isEmpty(), "/prompt_2", rule);
      violations.check(prompts.negativePrompt2().isEmpty(), "/negative_prompt_2", rule);
    }
  }
}
