/** The networks over ONNX Runtime; model packages in diffusers' folder layout; tokenizers. */
@org.jspecify.annotations.NullMarked
package io.darkroom.onnx;
