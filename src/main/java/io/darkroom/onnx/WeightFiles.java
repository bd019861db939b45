package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Set;

/**
 * Finds the external weight files of a model: tensors can be anywhere in it, also in the graphs of
 * branches and loops and in functions.
 */
final class WeightFiles {
  private static final String LOCATION = "location";

  private WeightFiles() {}

  static void collect(ModelProto model, Set<String> into) {
    graph(model.getGraph(), into);
    model.getFunctionsList().forEach(function -> nodes(function.getNodeList(), into));
    model.getTrainingInfoList().forEach(training -> graph(training.getAlgorithm(), into));
  }

  private static void graph(GraphProto graph, Set<String> into) {
    graph.getInitializerList().forEach(tensor -> tensor(tensor, into));
    graph.getSparseInitializerList().forEach(tensor -> sparse(tensor, into));
    nodes(graph.getNodeList(), into);
  }

  private static void nodes(List<NodeProto> nodes, Set<String> into) {
    nodes.forEach(node -> node.getAttributeList().forEach(each -> attribute(each, into)));
  }

  private static void attribute(AttributeProto attribute, Set<String> into) {
    tensor(attribute.getT(), into);
    attribute.getTensorsList().forEach(tensor -> tensor(tensor, into));
    sparse(attribute.getSparseTensor(), into);
    attribute.getSparseTensorsList().forEach(tensor -> sparse(tensor, into));
    if (attribute.hasG()) {
      graph(attribute.getG(), into);
    }
    attribute.getGraphsList().forEach(graph -> graph(graph, into));
  }

  private static void sparse(SparseTensorProto tensor, Set<String> into) {
    tensor(tensor.getValues(), into);
    tensor(tensor.getIndices(), into);
  }

  private static void tensor(TensorProto tensor, Set<String> into) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      tensor.getExternalDataList().stream()
          .filter(entry -> entry.getKey().equals(LOCATION))
          .forEach(entry -> into.add(entry.getValue()));
    }
  }
}
