package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.job.Size;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds the sizes and timesteps that a denoising network accepts, in runs of one row. A package
 * declares them, but only the graph decides: reshapes may fix a side, blocks may need a multiple,
 * and timesteps may be looked up in a table. The result only makes the declared rules stricter.
 *
 * <p>A side is tested a step above and a step below the tested size, where the step is a divisor of
 * this size: the smallest one that the network accepts is the multiple. Sides that accept no other
 * size alone are tested together, for networks of square samples. If the device lacks memory for a
 * run, the size counts as accepted.
 */
final class AcceptedInputs {
  /** Maximum number of steps tested for a side. */
  private static final int MOST_STEPS = 24;

  /** Maximum timestep of all schedules, see {@code num_train_timesteps}. */
  private static final int LAST_TIMESTEP = 10_000;

  private final DenoiserLoading loading;
  private final ModelCard card;
  private final Layout layout;
  private final Size tested;

  private AcceptedInputs(DenoiserLoading loading, ModelCard card) {
    this.loading = loading;
    this.card = card;
    this.layout = card.network().layout();
    this.tested = layout.sizeOf(TestInputs.shape(card));
  }

  /**
   * Returns the card of a network with the sizes and timesteps that the network accepts.
   *
   * @param loading a network that passed its self-test
   * @throws DeviceFailure if the device is lost
   */
  static ModelCard refined(DenoiserLoading loading, ModelCard card) {
    AcceptedInputs inputs = new AcceptedInputs(loading, card);
    if (!inputs.accepts(Map.of(), 0)) {
      // One row is not possible, so nothing can be found out.
      return card;
    }
    return card.with(card.network().with(inputs.layout(), inputs.mostTimestep()));
  }

  private Layout layout() {
    Map<String, Layout.Dimension> refined = new HashMap<>();
    List<Layout.Dimension> refused = new ArrayList<>();
    for (Layout.Dimension side : openSides()) {
      alone(side).ifPresentOrElse(each -> refined.put(side.name(), each), () -> refused.add(side));
    }
    if (!refused.isEmpty()) {
      refined.putAll(together(refused));
    }
    return layout.with(side -> refined.getOrDefault(side.name(), side));
  }

  private List<Layout.Dimension> openSides() {
    return layout.sides().stream().filter(Layout.Dimension::open).toList();
  }

  /** Returns a side with its multiple and maximum; empty if only the tested size is accepted. */
  private Optional<Layout.Dimension> alone(Layout.Dimension side) {
    int size = layout.of(tested, side.name());
    if (size % side.multiple() != 0) {
      return Optional.of(side);
    }
    for (int step : steps(size, side.multiple())) {
      boolean possible = size <= side.most() - step;
      boolean above = possible && accepts(Map.of(side.name(), size + step), 0);
      if (above || (step < size && accepts(Map.of(side.name(), size - step), 0))) {
        boolean largest = possible && !above && size == side.size();
        return Optional.of(side.with(true, step, largest ? size : side.most()));
      }
    }
    return Optional.empty();
  }

  /** Returns sides that accept no other size alone: with a multiple of all sides, or fixed. */
  private Map<String, Layout.Dimension> together(List<Layout.Dimension> refused) {
    Map<String, Layout.Dimension> sides = new HashMap<>();
    int common = openSides().size() < 2 ? 0 : commonStep();
    for (Layout.Dimension side : refused) {
      int size = layout.of(tested, side.name());
      boolean fixed = common == 0 && size == side.size();
      sides.put(
          side.name(),
          fixed
              ? side.with(false, 1, size)
              : side.with(true, Math.max(common, side.multiple()), side.most()));
    }
    return sides;
  }

  /** Returns the smallest step by which all open sides can grow together; 0 if there is none. */
  private int commonStep() {
    int size =
        openSides().stream().mapToInt(side -> layout.of(tested, side.name())).min().orElse(1);
    int multiple = layout.multiple();
    for (int step : steps(size, multiple)) {
      Map<String, Integer> larger = new HashMap<>();
      openSides().forEach(side -> larger.put(side.name(), layout.of(tested, side.name()) + step));
      if (accepts(larger, 0)) {
        return step;
      }
    }
    return 0;
  }

  /** Returns the divisors of a size that are multiples of a number, in order. */
  private static int[] steps(int size, int multiple) {
    return IntStream.rangeClosed(1, size / multiple)
        .map(parts -> parts * multiple)
        .filter(step -> size % step == 0)
        .limit(MOST_STEPS)
        .toArray();
  }

  /** Returns the maximum timestep; {@link ModelCard.Network#ANY_TIMESTEP} if there is none. */
  private int mostTimestep() {
    if (loading.signature().timestep().isEmpty() || accepts(Map.of(), LAST_TIMESTEP)) {
      return ModelCard.Network.ANY_TIMESTEP;
    }
    int accepted = 0;
    int refused = LAST_TIMESTEP;
    while (refused - accepted > 1) {
      int middle = (accepted + refused) / 2;
      if (accepts(Map.of(), middle)) {
        accepted = middle;
      } else {
        refused = middle;
      }
    }
    return accepted;
  }

  /** Returns whether the network accepts a sample with other sizes of these sides. */
  private boolean accepts(Map<String, Integer> sizes, int timestep) {
    Shape shape = layout.shape(layout.with(tested, sizes));
    TestInputs inputs = TestInputs.one(card, loading.signature(), shape, timestep);
    try (OrtDenoiser denoiser = loading.denoiser(BatchSizes.upTo(1), Lanes.ONE)) {
      inputs.run(denoiser, 0);
      return true;
    } catch (DeviceFailure failure) {
      if (failure.kind() == DeviceFailure.Kind.LOST) {
        throw failure;
      }
      return failure.kind() != DeviceFailure.Kind.REFUSED;
    }
  }
}
