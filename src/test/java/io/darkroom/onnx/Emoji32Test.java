package io.darkroom.onnx;

import io.darkroom.model.Shape;

class Emoji32Test extends OrtDenoiserContract {
  Emoji32Test() {
    super(Packages.STARTER.resolve("emoji-32"));
  }

  @Override
  protected Shape otherShape() {
    return shape();
  }
}
