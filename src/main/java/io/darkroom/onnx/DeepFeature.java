package io.darkroom.onnx;

import io.darkroom.model.ElementType;
import io.darkroom.model.Shape;
import io.darkroom.model.SkipFeature;
import io.darkroom.model.TensorInfo;

/**
 * The deep feature of a split network, an output of its full part or an input of its shallow part.
 *
 * @param info name and type
 * @param shape its shape for a sample
 * @param given whether it is an input
 */
record DeepFeature(TensorInfo info, SkipFeature shape, boolean given) {

  String name() {
    return info.name();
  }

  ElementType type() {
    return info.type();
  }

  /** Returns the shape of a row for a sample. */
  long[] row(Shape sample) {
    return shape.of(sample).sizes().stream().mapToLong(Integer::longValue).toArray();
  }
}
