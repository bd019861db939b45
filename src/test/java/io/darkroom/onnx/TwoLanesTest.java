package io.darkroom.onnx;

import io.darkroom.model.Shape;

/** The contract on two lanes. */
class TwoLanesTest extends OrtDenoiserContract {
  TwoLanesTest() {
    super(Packages.STARTER.resolve("emoji-sr4"), Lanes.of(2));
  }

  @Override
  protected Shape otherShape() {
    return new Shape(3, 16, 24);
  }
}
