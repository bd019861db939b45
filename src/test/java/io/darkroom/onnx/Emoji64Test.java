package io.darkroom.onnx;

import io.darkroom.model.Shape;

class Emoji64Test extends OrtDenoiserContract {
  Emoji64Test() {
    super(Packages.STARTER.resolve("emoji-64"));
  }

  @Override
  protected Shape otherShape() {
    return new Shape(shape().channels(), shape().height() / 2, shape().width() + 8);
  }
}
