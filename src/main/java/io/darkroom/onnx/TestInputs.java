package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.model.Condition;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.TensorInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Fixed inputs for testing a network. Each has a different sample and condition, and one of three
 * timesteps.
 */
final class TestInputs {
  private static final int TRAIN_TIMESTEPS = 1000;

  private static final int MOST_CELLS = 64;
  private static final int TIMESTEPS = 3;
  private static final int MIDDLE = TIMESTEPS / 2;

  private final Shape shape;
  private final int tokens;
  private final List<Row> inputs;

  /** Deep features of a split network's inputs; empty for random ones. */
  private final List<float[]> features;

  /** The input of one row. */
  private record Row(FloatBuffer sample, double timestep, Conditioning conditioning) {}

  private TestInputs(Shape shape, int tokens, List<Row> inputs, List<float[]> features) {
    this.shape = shape;
    this.tokens = tokens;
    this.inputs = inputs;
    this.features = features;
  }

  /**
   * @param count number of inputs
   * @param span fraction of the timesteps' range to use, up to 1
   */
  static TestInputs of(ModelCard card, DenoiserSignature signature, int count, double span) {
    return of(card, signature, count, span, i -> i % TIMESTEPS);
  }

  /** Creates one input with a sample of this shape at a timestep. */
  static TestInputs one(ModelCard card, DenoiserSignature signature, Shape shape, double timestep) {
    return of(card, signature, shape, 1, i -> timestep);
  }

  /** Creates inputs with one timestep, for a network that has one timestep for all rows. */
  static TestInputs atOneTimestep(
      ModelCard card, DenoiserSignature signature, int count, double span) {
    return of(card, signature, count, span, i -> MIDDLE);
  }

  /** Creates inputs at each of the timesteps, the middle one first. */
  static List<TestInputs> atEachTimestep(
      ModelCard card, DenoiserSignature signature, int count, double span) {
    return IntStream.range(0, TIMESTEPS)
        .mapToObj(k -> of(card, signature, count, span, i -> (MIDDLE + k) % TIMESTEPS))
        .toList();
  }

  private static TestInputs of(
      ModelCard card, DenoiserSignature signature, int count, double span, IntUnaryOperator third) {
    double range = trainTimesteps(card) * span;
    return of(
        card, signature, shape(card), count, i -> range * (third.applyAsInt(i) + 0.5) / TIMESTEPS);
  }

  private static TestInputs of(
      ModelCard card,
      DenoiserSignature signature,
      Shape shape,
      int count,
      IntToDoubleFunction timesteps) {
    int channels = Math.toIntExact(card.network().conditionSize(shape));
    int tokens = tokens(card);
    DenoiserSignature wanted = signature.of(shape, tokens);
    List<Row> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SplittableRandom random = new SplittableRandom(i);
      FloatBuffer sample = FloatBuffer.wrap(numbers(random, shape.size()));
      double timestep = timesteps.applyAsDouble(i);
      Conditioning conditioning =
          new Conditioning(labels(card, i), tensors(wanted, random), numbers(random, channels));
      inputs.add(
          new Row(
              sample,
              signature.timestepType().floating() ? timestep : (int) timestep,
              conditioning));
    }
    return new TestInputs(shape, tokens, inputs, List.of());
  }

  /**
   * Returns the spans to test: networks of some families have small noise levels instead of
   * timesteps.
   */
  static double[] spans(DenoiserSignature signature) {
    return signature.timestepType().floating() ? new double[] {1, 0.001} : new double[] {1};
  }

  /** Returns the shape of the samples: the package's default, or smaller if possible. */
  static Shape shape(ModelCard card) {
    Layout layout = card.network().layout();
    boolean smaller = layout.open() && layout.side(Layout.WIDTH).isPresent();
    int most = smaller ? MOST_CELLS : Integer.MAX_VALUE;
    return layout.shape(layout.size(side -> Math.min(side.size(), most)));
  }

  int count() {
    return inputs.size();
  }

  /** Runs the inputs with these indices in this order and returns the network's output for each. */
  List<float[]> run(Denoiser denoiser, int... order) {
    Denoiser.Call call = fill(denoiser, order);
    call.run(order.length);
    List<float[]> outputs = new ArrayList<>();
    for (int row = 0; row < order.length; row++) {
      float[] output = new float[call.outputSize()];
      call.output(row, output);
      outputs.add(
          call.featureSize() == 0 || call.readsFeature() ? output : joined(output, call, row));
    }
    return outputs;
  }

  /** Returns an output followed by the deep feature of the row. */
  private static float[] joined(float[] output, Denoiser.Call call, int row) {
    float[] feature = new float[call.featureSize()];
    call.feature(row, feature);
    float[] both = Arrays.copyOf(output, output.length + feature.length);
    System.arraycopy(feature, 0, both, output.length, feature.length);
    return both;
  }

  /** Returns the time of a run of the inputs with these indices. */
  long nanos(LongSupplier nanoClock, Denoiser denoiser, int... order) {
    Denoiser.Call call = fill(denoiser, order);
    long begin = nanoClock.getAsLong();
    call.run(order.length);
    return nanoClock.getAsLong() - begin;
  }

  private Denoiser.Call fill(Denoiser denoiser, int... order) {
    Denoiser.Call call = denoiser.call(shape, tokens);
    for (int row = 0; row < order.length; row++) {
      Row input = inputs.get(order[row]);
      call.sample(row).put(input.sample.duplicate());
      call.timestep(row, input.timestep);
      call.condition(row, input.conditioning);
      if (call.readsFeature()) {
        call.setFeature(row, feature(order[row], call.featureSize()));
      }
    }
    return call;
  }

  /** Returns the deep feature of an input: the given one, or numbers. */
  private float[] feature(int input, int size) {
    return features.isEmpty()
        ? numbers(new SplittableRandom(-1L - input), size)
        : features.get(input);
  }

  /** Returns the same inputs with these deep features. */
  TestInputs withFeatures(List<float[]> given) {
    return new TestInputs(shape, tokens, inputs, given);
  }

  private static int trainTimesteps(ModelCard card) {
    return card.scheduler().get("num_train_timesteps") instanceof Integer steps && steps > 0
        ? steps
        : TRAIN_TIMESTEPS;
  }

  private static Map<String, Long> labels(ModelCard card, int i) {
    Map<String, Long> labels = new HashMap<>();
    for (Condition condition : card.conditions()) {
      for (TensorInfo input : condition.inputs()) {
        if (input.rank() == 1) {
          labels.put(input.name(), (long) (i % condition.labels()));
        }
      }
    }
    return labels;
  }

  private static Map<String, float[]> tensors(
      DenoiserSignature signature, SplittableRandom random) {
    Map<String, float[]> tensors = new HashMap<>();
    for (TensorInfo info : signature.conditions()) {
      if (info.rank() > 1) {
        long size = info.dimensions().stream().skip(1).reduce(1L, Math::multiplyExact);
        tensors.put(info.name(), values(info, random, Math.toIntExact(size)));
      }
    }
    return tensors;
  }

  /** Returns the values of an input. Integer inputs are masks in which everything is set. */
  private static float[] values(TensorInfo info, SplittableRandom random, int size) {
    if (info.type().real()) {
      return numbers(random, size);
    }
    float[] ones = new float[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Returns the tokens of inputs whose size the network leaves open; 0 if there are none. */
  private static int tokens(ModelCard card) {
    Layout layout = card.network().layout();
    return card.conditions().stream()
        .filter(
            condition ->
                condition.inputs(layout, shape(card)).stream().anyMatch(TestInputs::isOpen))
        .mapToInt(Condition::tokens)
        .max()
        .orElse(0);
  }

  private static boolean isOpen(TensorInfo input) {
    return input.dimensions().stream().skip(1).anyMatch(size -> size < 0);
  }

  /** Returns uniformly distributed numbers with a standard deviation of 1. */
  static float[] numbers(SplittableRandom random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) ((random.nextDouble() - 0.5) * 3.4641016151377544);
    }
    return numbers;
  }
}
