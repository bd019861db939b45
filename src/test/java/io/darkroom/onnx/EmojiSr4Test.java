package io.darkroom.onnx;

import io.darkroom.model.Shape;

class EmojiSr4Test extends OrtDenoiserContract {
  EmojiSr4Test() {
    super(Packages.STARTER.resolve("emoji-sr4"));
  }

  @Override
  protected Shape otherShape() {
    return new Shape(shape().channels(), shape().height() / 2, shape().width() + 8);
  }
}
