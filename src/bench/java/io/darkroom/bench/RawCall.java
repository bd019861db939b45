package io.darkroom.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.darkroom.model.Conditioning;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.onnx.Provider;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A denoising network that is called directly with ONNX Runtime's Java interface: the unchanged
 * file, a separate session with Darkroom's options, fixed buffers for inputs and output. A call
 * runs none of Darkroom's code.
 */
final class RawCall implements AutoCloseable {
  private static final String HIDDEN_STATES = "encoder_hidden_states";
  private static final int TOKENS = 77;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final Map<String, ByteBuffer> buffers = new HashMap<>();

  RawCall(MeasuredPackage measured, ModelCard card, Size size, Provider provider)
      throws OrtException {
    Shape sample = size.sample();
    int rows = size.rows();
    session = open(measured.folder().resolve("unet/model.onnx").toString(), provider);
    for (NodeInfo input : session.getInputInfo().values()) {
      TensorInfo info = (TensorInfo) input.getInfo();
      inputs.put(
          input.getName(),
          tensor(input.getName(), info.type, shape(input.getName(), info, sample, rows)));
    }
    long[] sides = {rows, card.network().outputChannels(), sample.height(), sample.width()};
    NodeInfo output = session.getOutputInfo().values().iterator().next();
    OnnxJavaType type = ((TensorInfo) output.getInfo()).type;
    outputs.put(output.getName(), tensor(output.getName(), type, sides));
  }

  /** Of a call. */
  record Size(Shape sample, int rows) {}

  /**
   * Copies the inputs of the engine's last call, because the duration of a network depends on its
   * inputs.
   */
  void take(WatchedDenoiser.Watched call, int rows, int size) {
    float[] values = new float[size];
    for (int row = 0; row < rows; row++) {
      call.sample(row).get(values);
      int begin = row * elements("sample") / rows;
      put("sample", begin, values);
      // The network may take one number for all rows.
      put("timestep", Math.min(row, elements("timestep") - 1), call.timestep(row));
      Conditioning condition = call.condition(row);
      put("sample", begin + size, condition.channels());
      for (String input : inputs.keySet()) {
        tell(input, row, condition);
      }
    }
  }

  void run() throws OrtException {
    session.run(inputs, Set.of(), outputs).close();
  }

  @Override
  public void close() throws OrtException {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
    session.close();
  }

  private int elements(String input) {
    return (int) inputs.get(input).getInfo().getNumElements();
  }

  /** Writes numbers into the bytes of an input, in its type. */
  private void put(String input, int from, float[] values) {
    ByteBuffer bytes = buffers.get(input);
    if (inputs.get(input).getInfo().type != OnnxJavaType.FLOAT16) {
      bytes.asFloatBuffer().put(from, values);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      bytes.putShort((from + i) * Short.BYTES, Fp16Conversions.floatToFp16(values[i]));
    }
  }

  private void tell(String input, int row, Conditioning condition) {
    Long number = condition.integers().get(input);
    if (number != null) {
      put(input, row, number);
    }
    float[] values = condition.tensors().get(input);
    if (values != null) {
      put(input, row * values.length, values);
    }
  }

  /** Writes the single number of a row, in the input's type. */
  private void put(String input, int row, double value) {
    ByteBuffer bytes = buffers.get(input);
    switch (inputs.get(input).getInfo().type) {
      case INT64 -> bytes.putLong(row * Long.BYTES, Math.round(value));
      case INT32 -> bytes.putInt(row * Integer.BYTES, Math.toIntExact(Math.round(value)));
      default -> put(input, row, new float[] {(float) value});
    }
  }

  private OrtSession open(String file, Provider provider) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setMemoryPatternOptimization(false);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      if (provider instanceof Provider.Cuda cuda) {
        try (OrtCUDAProviderOptions own = new OrtCUDAProviderOptions(cuda.device())) {
          for (Map.Entry<String, String> option : cuda.options().entrySet()) {
            own.add(option.getKey(), option.getValue());
          }
          options.addCUDA(own);
        }
      }
      return environment.createSession(file, options);
    }
  }

  /** The first open dimension is the rows; the others are known by their names. */
  private static long[] shape(String name, TensorInfo info, Shape sample, int rows) {
    long[] shape = info.getShape().clone();
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0) {
        shape[i] = i == 0 ? rows : open(name, i, sample);
      }
    }
    return shape;
  }

  private static long open(String name, int dimension, Shape sample) {
    if (name.equals(HIDDEN_STATES)) {
      return TOKENS;
    }
    return dimension == 2 ? sample.height() : sample.width();
  }

  private OnnxTensor tensor(String name, OnnxJavaType type, long[] shape) throws OrtException {
    int elements = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(elements * type.size).order(ByteOrder.nativeOrder());
    buffers.put(name, bytes);
    return OnnxTensor.createTensor(environment, bytes, shape, type);
  }
}
