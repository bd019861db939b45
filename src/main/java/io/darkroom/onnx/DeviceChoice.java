package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ElementType;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The device on which networks run, as configured. */
public enum DeviceChoice {
  /** A GPU if one works, else the processor. */
  AUTO,
  /** A GPU. */
  CUDA,
  /** The processor. */
  CPU;

  private static final Logger LOG = Logger.getLogger(DeviceChoice.class);
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;

  /**
   * Returns the choice with this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static DeviceChoice of(String name) {
    for (DeviceChoice choice : values()) {
      if (choice.name().equalsIgnoreCase(name)) {
        return choice;
      }
    }
    throw new IllegalArgumentException("device: must be auto, cuda or cpu, is " + name);
  }

  /**
   * Returns the provider for this machine and logs it. A GPU is tested by a computation, because a
   * build of ONNX Runtime lists CUDA also on machines without a GPU.
   *
   * @throws UnusableDevice if a GPU is required and none works
   */
  public Provider resolve(CudaOptions options) {
    if (this == CPU) {
      return Provider.CPU;
    }
    Provider.Cuda cuda = options.provider();
    Optional<String> problem = problem(cuda);
    if (problem.isEmpty()) {
      LOG.infof("device provider=cuda number=%d options=%s", cuda.device(), cuda.options());
      return cuda;
    }
    if (this == CUDA) {
      throw new UnusableDevice("device: cuda cannot be used: " + problem.get());
    }
    LOG.infof("device provider=cpu cuda=\"%s\"", problem.get());
    return Provider.CPU;
  }

  /** Returns why a provider does not work; empty if it works. */
  private static Optional<String> problem(Provider provider) {
    NetworkSettings settings = new NetworkSettings(1, 2, Tier.REPEATABLE, provider);
    try (Session session = Session.open("sum.onnx", sum(), settings);
        TensorRows in = row(session);
        TensorRows out = row(session)) {
      in.write(0, 1);
      session.run(Map.of("x", in.tensor(0, 1)), Map.of("y", out.tensor(0, 1)));
      float[] twice = new float[1];
      out.read(0, twice);
      return twice[0] == 2 ? Optional.empty() : Optional.of("1 + 1 is " + twice[0] + " there");
    } catch (BrokenPackage | io.darkroom.engine.DeviceFailure e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static TensorRows row(Session session) {
    return new TensorRows(session.environment(), ElementType.FLOAT, new long[0], 1);
  }

  /** Returns a graph that adds a number to itself. */
  private static OnnxGraph sum() {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("sum")
            .addInput(vector("x"))
            .addOutput(vector("y"))
            .addNode(
                NodeProto.newBuilder().setOpType("Add").addInput("x").addInput("x").addOutput("y"))
            .build();
    return OnnxGraph.of(
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph)
            .build());
  }

  private static ValueInfoProto vector(String name) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(1))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }
}
