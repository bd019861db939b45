package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.GivenShapes;
import io.darkroom.model.InputShape;
import io.darkroom.model.Layout;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.model.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tensors that a request gives to inputs of the network, e.g. mel spectrograms, masks or encoded
 * texts. An input that is named {@code mask} and has the sides of a sample also masks the result.
 *
 * @param given the inputs
 */
public record GivenInput(List<Given> given) implements Condition {
  private static final String MASK = "mask";

  public GivenInput {
    given = List.copyOf(given);
  }

  /**
   * One input.
   *
   * @param info as the network has it
   * @param shape its dimensions without the rows
   */
  public record Given(TensorInfo info, InputShape shape) {
    String pointer() {
      return StageRequest.inputPointer(info.name());
    }

    @Override
    public String toString() {
      return info.name() + " " + shape;
    }
  }

  @Override
  public List<TensorInfo> inputs() {
    return given.stream().map(Given::info).toList();
  }

  @Override
  public List<TensorInfo> inputs(Layout layout, Shape sample) {
    List<TensorInfo> inputs = new ArrayList<>();
    for (Given each : given) {
      List<Long> sizes = new ArrayList<>(List.of(TensorInfo.ANY));
      sizes.addAll(each.shape().sizes(layout, sample));
      inputs.add(new TensorInfo(each.info().name(), each.info().type(), sizes));
    }
    return inputs;
  }

  @Override
  public Set<String> sides() {
    Set<String> sides = new LinkedHashSet<>();
    for (Given each : given) {
      each.shape().axes().stream().map(InputShape.Axis::side).forEach(sides::add);
    }
    sides.remove("");
    return sides;
  }

  @Override
  public boolean guides() {
    return false;
  }

  @Override
  public String summary() {
    return given.stream().map(each -> "tensor " + each).collect(Collectors.joining(", "));
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    for (Given each : given) {
      violations.check(
          request.inputs().containsKey(each.info().name()),
          each.pointer(),
          () -> "must be a tensor [rows, ...] of " + each.shape() + " for " + model);
    }
    return new Plan(given, false, 0, Map.of());
  }

  /**
   * The tensors of a request.
   *
   * @param perImage whether a tensor has a row for each of several images
   * @param open size of open dimensions; 0 if there are none
   * @param sides sizes of the sides that they determine
   */
  private record Plan(List<Given> given, boolean perImage, int open, Map<String, Integer> sides)
      implements ConditionPlan {

    @Override
    public List<String> arrays() {
      return given.stream().map(Given::pointer).toList();
    }

    @Override
    public ConditionPlan given(Map<String, Shape> shapes, int images, Violations violations) {
      GivenShapes known = new GivenShapes(images, violations);
      for (Given each : given) {
        Shape shape = Objects.requireNonNull(shapes.get(each.pointer()), each.pointer());
        known.add(each.pointer(), each.shape(), shape);
      }
      return new Plan(given, known.perImage(), known.open(), known.sides());
    }

    @Override
    public Rows tensors(Inputs inputs) {
      Map<String, float[]> values = new HashMap<>();
      for (Given each : given) {
        values.put(each.info().name(), row(inputs.picture(each.pointer()), inputs.image()));
      }
      return Rows.both(new Conditioning(Map.of(), values, new float[0]).ofTokens(open));
    }

    @Override
    public Optional<float[]> mask(int image, Map<String, Tensor> tensors, Layout layout) {
      return given.stream()
          .filter(each -> each.info().name().equals(MASK) && each.shape().isOf(layout.sides()))
          .map(each -> row(ConditionPlan.picture(tensors, each.pointer()), image))
          .findFirst();
    }

    private static float[] row(Tensor tensor, int image) {
      int rows = tensor.shape().sizes().get(0);
      int size = tensor.values().length / rows;
      int row = rows == 1 ? 0 : image;
      return Arrays.copyOfRange(tensor.values(), row * size, (row + 1) * size);
    }
  }

  /** Recognises the inputs that the network's configuration lists and no other condition fills. */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {
    /**
     * Needs no entry in the configuration. In packages with text encoders, {@link TextPrompt} fills
     * it.
     */
    private static final String STATES = "encoder_hidden_states";

    @Override
    public int order() {
      return Integer.MAX_VALUE;
    }

    @Override
    public Optional<GivenInput> recognize(PackageFacts facts) throws BrokenPackage {
      Map<?, ?> listed =
          facts.config().value(InputShape.KEY) instanceof Map<?, ?> map ? map : Map.of();
      List<Given> given = new ArrayList<>();
      for (TensorInfo input : facts.inputs()) {
        Object written = listed.get(input.name());
        if (written != null || input.name().equals(STATES)) {
          given.add(given(input, Optional.ofNullable(written), facts));
        }
      }
      return given.isEmpty() ? Optional.empty() : Optional.of(new GivenInput(given));
    }

    private static Given given(TensorInfo input, Optional<Object> written, PackageFacts facts)
        throws BrokenPackage {
      boolean readable = input.type().real() || input.type().integer();
      if (!readable || input.rank() < 2 || input.size(0) > 0) {
        throw facts.broken(
            input.name(),
            "must be float32, float16, int64 or int32 of two or more dimensions, the first of them"
                + " open, is "
                + input);
      }
      if (written.isPresent() && !(written.get() instanceof List<?>)) {
        throw facts
            .config()
            .broken(InputShape.KEY, input.name() + ": must be a list, is " + written.get());
      }
      Optional<List<?>> sizes = written.map(list -> (List<?>) list);
      return new Given(input, InputShape.read(input, sizes, facts.config()));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof GivenInput;
    }
  }
}
