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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The inputs and output of a denoising network for several rows of one shape. A run uses the
 * tensors of consecutive rows; they are cached, so a run allocates nothing of its own. Engine
 * thread only, except that lanes run separate rows.
 */
final class Batch implements AutoCloseable {
  private final Session session;
  private final DenoiserSignature signature;
  private final boolean sharedTimestep;
  private final int sampleSize;
  private final TensorRows sample;
  private final TensorRows timestep;
  private final TensorRows output;
  private final Optional<DeepFeature> split;
  private final @Nullable TensorRows feature;
  private final Map<String, TensorRows> conditions = new LinkedHashMap<>();
  private final @Nullable Conditioning[] conditioned;

  /** Tensors by first row and number of rows. */
  private final @Nullable Tensors[][] tensors;

  /**
   * @param shape shape of the sample, without condition channels
   * @param most maximum number of rows
   * @param sharedTimestep whether all rows have one timestep
   * @param split deep feature of a part of a split network; empty for a whole network
   */
  Batch(
      Session session,
      DenoiserSignature signature,
      Shape shape,
      int most,
      boolean sharedTimestep,
      Optional<DeepFeature> split) {
    OrtEnvironment environment = session.environment();
    this.session = session;
    this.signature = signature;
    this.sharedTimestep = sharedTimestep;
    this.sampleSize = shape.size();
    this.sample =
        new TensorRows(environment, signature.sample().type(), signature.inputRow(shape), most);
    this.timestep = new TensorRows(environment, signature.timestepType(), new long[0], most);
    this.output =
        new TensorRows(environment, signature.output().type(), signature.outputRow(shape), most);
    this.split = split;
    this.feature =
        split
            .map(each -> new TensorRows(environment, each.type(), each.row(shape), most))
            .orElse(null);
    for (TensorInfo info : signature.conditions()) {
      long[] row = info.dimensions().stream().skip(1).mapToLong(Long::longValue).toArray();
      conditions.put(info.name(), new TensorRows(environment, info.type(), row, most));
    }
    this.conditioned = new Conditioning[most];
    this.tensors = new Tensors[most][most + 1];
  }

  /** Returns the maximum number of rows. */
  int most() {
    return conditioned.length;
  }

  TensorRows sample() {
    return sample;
  }

  TensorRows output() {
    return output;
  }

  /** Returns whether rows read a deep feature instead of giving one. */
  boolean featureGiven() {
    return split.isPresent() && split.get().given();
  }

  /** Returns the elements of a row's deep feature; 0 for a whole network. */
  int featureSize() {
    return feature == null ? 0 : feature.elements();
  }

  /** Returns the deep features of a split network. */
  TensorRows feature() {
    return Objects.requireNonNull(feature, "the network is not split");
  }

  void timestep(int row, double value) {
    timestep.write(row, value);
  }

  /**
   * Writes the condition of a row, unless the row already has it. Values without an input of the
   * network are ignored.
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

  /** Copies sample, condition and timestep of a row of this or another batch. */
  void copy(Batch source, int from, int to) {
    sample.copy(source.sample, from, to);
    timestep.copy(source.timestep, from, to);
    conditions.forEach((name, rows) -> rows.copy(rows(source.conditions, name), from, to));
    if (featureGiven()) {
      feature().copy(source.feature(), from, to);
    }
    conditioned[to] = source.conditioned[from];
  }

  /** Copies what a row of another batch gives: its output, and its deep feature if there is one. */
  void copyOutputs(Batch source, int from, int to) {
    output.copy(source.output, from, to);
    if (feature != null && !featureGiven()) {
      feature.copy(source.feature(), from, to);
    }
  }

  /** Runs consecutive rows. */
  void run(int first, int rows) {
    Tensors called = tensors[first][rows];
    if (called == null) {
      called = tensors(first, rows);
      tensors[first][rows] = called;
    }
    sample.halve(first, rows, sampleSize);
    session.run(called.inputs, called.outputs);
  }

  /** Returns the bytes of its buffers. */
  long memory() {
    long conditioned = conditions.values().stream().mapToLong(TensorRows::memory).sum();
    long ofFeature = feature == null ? 0 : feature.memory();
    return sample.memory() + timestep.memory() + output.memory() + conditioned + ofFeature;
  }

  /** Drops the references to conditions, which may be large. */
  void forget() {
    Arrays.fill(conditioned, null);
  }

  /** Closes the tensors; a later run creates them again. */
  @Override
  public void close() {
    forget();
    for (@Nullable Tensors[] each : tensors) {
      Arrays.fill(each, null);
    }
    sample.close();
    timestep.close();
    output.close();
    if (feature != null) {
      feature.close();
    }
    conditions.values().forEach(TensorRows::close);
  }

  private Tensors tensors(int first, int rows) {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.put(signature.sample().name(), sample.tensor(first, rows));
    signature.timestep().ifPresent(info -> inputs.put(info.name(), timesteps(info, first, rows)));
    for (Map.Entry<String, TensorRows> condition : conditions.entrySet()) {
      inputs.put(condition.getKey(), condition.getValue().tensor(first, rows));
    }
    Map<String, OnnxTensor> outputs = new HashMap<>();
    outputs.put(signature.output().name(), output.tensor(first, rows));
    split.ifPresent(
        each -> (each.given() ? inputs : outputs).put(each.name(), feature().tensor(first, rows)));
    return new Tensors(inputs, outputs);
  }

  private OnnxTensor timesteps(TensorInfo info, int first, int rows) {
    return sharedTimestep ? timestep.single(info.rank()) : timestep.tensor(first, rows);
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

  private record Tensors(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {}
}
