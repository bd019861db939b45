package io.darkroom.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import io.darkroom.model.TensorInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a denoising network's inputs and output for samples of one shape. A run of so many
 * rows takes the tensors over the first of them; they are kept per number of rows, so that a run
 * allocates nothing of its own. Engine thread only.
 */
final class Batch implements AutoCloseable {
  private final Session session;
  private final DenoiserSignature signature;
  private final boolean sharedTimestep;
  private final int sampleSize;
  private final TensorRows sample;
  private final TensorRows timestep;
  private final TensorRows output;
  private final Map<String, TensorRows> conditions = new LinkedHashMap<>();
  private final @Nullable Conditioning[] conditioned;
  private final @Nullable Tensors[] tensors;

  /**
   * @param shape {@code [C, H, W]} of the sample, without condition channels
   * @param most rows
   * @param sharedTimestep whether one timestep stands for all rows
   */
  Batch(
      Session session, DenoiserSignature signature, Shape shape, int most, boolean sharedTimestep) {
    OrtEnvironment environment = session.environment();
    this.session = session;
    this.signature = signature;
    this.sharedTimestep = sharedTimestep;
    this.sampleSize = shape.size();
    this.sample =
        new TensorRows(
            environment,
            signature.sample().type(),
            picture(signature.inputChannels(), shape),
            most);
    this.timestep = new TensorRows(environment, signature.timestep().type(), new long[0], most);
    this.output =
        new TensorRows(
            environment,
            signature.output().type(),
            picture(signature.outputChannels(), shape),
            most);
    for (TensorInfo info : signature.conditions()) {
      long[] row = info.dimensions().stream().skip(1).mapToLong(Long::longValue).toArray();
      conditions.put(info.name(), new TensorRows(environment, info.type(), row, most));
    }
    this.conditioned = new Conditioning[most];
    this.tensors = new Tensors[most + 1];
  }

  /** Rows that fit. */
  int most() {
    return conditioned.length;
  }

  TensorRows sample() {
    return sample;
  }

  TensorRows output() {
    return output;
  }

  void timestep(int row, double value) {
    timestep.write(row, value);
  }

  /**
   * Writes the condition of a row, unless the row has it already. Values that the network has no
   * input for are left out.
   */
  void condition(int row, Conditioning conditioning) {
    if (conditioned[row] == conditioning) {
      return;
    }
    conditioned[row] = null;
    for (Map.Entry<String, TensorRows> input : conditions.entrySet()) {
      write(input.getKey(), input.getValue(), row, conditioning);
    }
    float[] channels = conditioning.channels();
    checkSize("further channels", sample.elements() - sampleSize, channels.length);
    sample.write(row, sampleSize, channels);
    conditioned[row] = conditioning;
  }

  /** Copies sample, condition and timestep of a row of another batch, or of this one. */
  void copy(Batch source, int from, int to) {
    sample.copy(source.sample, from, to);
    timestep.copy(source.timestep, from, to);
    conditions.forEach((name, rows) -> rows.copy(rows(source.conditions, name), from, to));
    conditioned[to] = source.conditioned[from];
  }

  void run(int rows) {
    Tensors called = tensors[rows];
    if (called == null) {
      called = tensors(rows);
      tensors[rows] = called;
    }
    sample.halve(rows, sampleSize);
    session.run(called.inputs, called.outputs);
  }

  /** Bytes of its buffers. */
  long memory() {
    long conditioned = conditions.values().stream().mapToLong(TensorRows::memory).sum();
    return sample.memory() + timestep.memory() + output.memory() + conditioned;
  }

  /** Drops the references to conditions, which may be large. */
  void forget() {
    Arrays.fill(conditioned, null);
  }

  /** Lets the tensors go; a later run makes them anew. */
  @Override
  public void close() {
    forget();
    Arrays.fill(tensors, null);
    sample.close();
    timestep.close();
    output.close();
    conditions.values().forEach(TensorRows::close);
  }

  private Tensors tensors(int rows) {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.put(NetworkReader.SAMPLE, sample.tensor(rows));
    inputs.put(
        NetworkReader.TIMESTEP,
        sharedTimestep ? timestep.single(signature.timestep().rank()) : timestep.tensor(rows));
    for (Map.Entry<String, TensorRows> condition : conditions.entrySet()) {
      inputs.put(condition.getKey(), condition.getValue().tensor(rows));
    }
    return new Tensors(inputs, Map.of(signature.output().name(), output.tensor(rows)));
  }

  private static void write(String name, TensorRows rows, int row, Conditioning conditioning) {
    float[] values = conditioning.tensors().get(name);
    Long number = conditioning.integers().get(name);
    if (values != null) {
      checkSize(name, rows.elements(), values.length);
      rows.write(row, 0, values);
    } else if (number != null) {
      rows.write(row, (double) number);
    } else {
      throw DeviceFailure.refused(name + ": is an input of the network, but is not given");
    }
  }

  private static void checkSize(String name, int expected, int given) {
    if (expected != given) {
      throw DeviceFailure.refused(name + ": must have " + expected + " elements, has " + given);
    }
  }

  private static TensorRows rows(Map<String, TensorRows> rows, String name) {
    return Objects.requireNonNull(rows.get(name));
  }

  private static long[] picture(int channels, Shape shape) {
    return new long[] {channels, shape.height(), shape.width()};
  }

  private record Tensors(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {}
}
