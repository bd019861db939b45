package io.darkroom.onnx;

import io.darkroom.model.Shape;

class Drums8kTest extends OrtDenoiserContract {
  Drums8kTest() {
    super(Packages.STARTER.resolve("drums-8k"));
  }

  @Override
  protected Shape otherShape() {
    return shape();
  }
}
