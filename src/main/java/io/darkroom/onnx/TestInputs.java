package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.model.Condition;
import io.darkroom.model.Conditioning;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.TensorInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Inputs to try a network with: always the same, each another sample under another condition, at
 * one of three timesteps.
 */
final class TestInputs {
  private static final int TRAIN_TIMESTEPS = 1000;

  private static final int TIMESTEPS = 3;
  private static final int MIDDLE = TIMESTEPS / 2;

  private final Shape shape;
  private final List<Row> inputs;

  /** One row's input. */
  private record Row(FloatBuffer sample, double timestep, Conditioning conditioning) {}

  private TestInputs(Shape shape, List<Row> inputs) {
    this.shape = shape;
    this.inputs = inputs;
  }

  /**
   * @param count how many
   * @param span what of the range of timesteps is used: 1 for all of it
   */
  static TestInputs of(ModelCard card, DenoiserSignature signature, int count, double span) {
    return of(card, signature, count, span, i -> i % TIMESTEPS);
  }

  /** Inputs that are all at one timestep: for a network that takes one timestep for all rows. */
  static TestInputs atOneTimestep(
      ModelCard card, DenoiserSignature signature, int count, double span) {
    return of(card, signature, count, span, i -> MIDDLE);
  }

  /** Inputs at each of the timesteps, the middle one first. */
  static List<TestInputs> atEachTimestep(
      ModelCard card, DenoiserSignature signature, int count, double span) {
    return IntStream.range(0, TIMESTEPS)
        .mapToObj(k -> of(card, signature, count, span, i -> (MIDDLE + k) % TIMESTEPS))
        .toList();
  }

  private static TestInputs of(
      ModelCard card, DenoiserSignature signature, int count, double span, IntUnaryOperator third) {
    ModelCard.Network network = card.network();
    Shape shape = shape(card);
    int channels = (network.inputChannels() - network.sampleChannels()) * shape.height();
    List<Row> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SplittableRandom random = new SplittableRandom(i);
      FloatBuffer sample = FloatBuffer.wrap(numbers(random, shape.size()));
      double timestep = trainTimesteps(card) * span * (third.applyAsInt(i) + 0.5) / TIMESTEPS;
      Conditioning conditioning =
          new Conditioning(
              labels(card, i),
              tensors(signature, random),
              numbers(random, channels * shape.width()));
      inputs.add(
          new Row(
              sample,
              signature.timestep().type().floating() ? timestep : (int) timestep,
              conditioning));
    }
    return new TestInputs(shape, inputs);
  }

  /**
   * The spans to try: the networks of some families take small noise levels in place of timesteps.
   */
  static double[] spans(DenoiserSignature signature) {
    return signature.timestep().type().floating() ? new double[] {1, 0.001} : new double[] {1};
  }

  /** The shape of the samples: the package's own. */
  static Shape shape(ModelCard card) {
    ModelCard.Network network = card.network();
    return new Shape(network.sampleChannels(), network.sampleHeight(), network.sampleWidth());
  }

  int count() {
    return inputs.size();
  }

  /** Runs the probes named, in this order, and returns what the network gives for each. */
  List<float[]> run(Denoiser denoiser, int... order) {
    Denoiser.Call call = filled(denoiser, order);
    call.run(order.length);
    List<float[]> outputs = new ArrayList<>();
    for (int row = 0; row < order.length; row++) {
      float[] output = new float[call.outputSize()];
      call.output(row, output);
      outputs.add(output);
    }
    return outputs;
  }

  /** How long a run of the probes named takes. */
  long nanos(LongSupplier nanoClock, Denoiser denoiser, int... order) {
    Denoiser.Call call = filled(denoiser, order);
    long begin = nanoClock.getAsLong();
    call.run(order.length);
    return nanoClock.getAsLong() - begin;
  }

  private Denoiser.Call filled(Denoiser denoiser, int... order) {
    Denoiser.Call call = denoiser.call(shape);
    for (int row = 0; row < order.length; row++) {
      Row input = inputs.get(order[row]);
      call.sample(row).put(input.sample.duplicate());
      call.timestep(row, input.timestep);
      call.condition(row, input.conditioning);
    }
    return call;
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
        tensors.put(info.name(), numbers(random, Math.toIntExact(size)));
      }
    }
    return tensors;
  }

  /** Evenly spread numbers with a standard deviation of 1. */
  static float[] numbers(SplittableRandom random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) ((random.nextDouble() - 0.5) * 3.4641016151377544);
    }
    return numbers;
  }
}
