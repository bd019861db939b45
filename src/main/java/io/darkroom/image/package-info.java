/** Pixels and tensors, their files (PNG, JPEG, NPY), and their digests. */
@org.jspecify.annotations.NullMarked
package io.darkroom.image;
