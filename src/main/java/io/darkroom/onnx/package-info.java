/** Networks on ONNX Runtime, model packages in diffusers' folder layout, and tokenizers. */
@org.jspecify.annotations.NullMarked
package io.darkroom.onnx;
