package io.darkroom.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.darkroom.engine.Denoiser;
import io.darkroom.plan.ModelCard;
import io.darkroom.plan.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A denoising network called as directly as ONNX Runtime's Java interface allows: its file as it
 * is, a session of its own with the options of Darkroom's, inputs and output in buffers that stay
 * where they are. None of Darkroom's code is in a call.
 */
final class RawCall implements AutoCloseable {
  private static final String HIDDEN_STATES = "encoder_hidden_states";
  private static final int TOKENS = 77;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final Map<String, ByteBuffer> buffers = new HashMap<>();

  RawCall(Subject subject, ModelCard card, Shape sample, int rows) throws OrtException {
    session = open(subject.folder().resolve("unet/model.onnx").toString());
    for (NodeInfo input : session.getInputInfo().values()) {
      TensorInfo info = (TensorInfo) input.getInfo();
      inputs.put(
          input.getName(),
          tensor(input.getName(), info.type, shape(input.getName(), info, sample, rows)));
    }
    long[] sides = {rows, card.network().outputChannels(), sample.height(), sample.width()};
    String output = session.getOutputNames().iterator().next();
    outputs.put(output, tensor(output, OnnxJavaType.FLOAT, sides));
  }

  /** Takes the rows that the engine ran last: how long a network takes depends on its numbers. */
  void sample(Denoiser.Call call, int rows, int size) {
    FloatBuffer own = buffer("sample");
    int elements = own.capacity() / rows;
    for (int row = 0; row < rows; row++) {
      own.put(row * elements, call.sample(row), 0, size);
    }
  }

  /** Takes a text's hidden states for every row, where the network has an input for them. */
  void hiddenStates(float[] states) {
    FloatBuffer own = buffer(HIDDEN_STATES);
    for (int at = 0; at < own.capacity(); at += states.length) {
      own.put(at, states);
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

  /** Floats of an input's own bytes. */
  private FloatBuffer buffer(String input) {
    return buffers.get(input).asFloatBuffer();
  }

  private OrtSession open(String file) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setMemoryPatternOptimization(false);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return environment.createSession(file, options);
    }
  }

  /** What the file leaves open is the rows, then what the name says. */
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
