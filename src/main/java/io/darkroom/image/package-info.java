/**
 * Pixels and tensors, and the files they come from and go to: PNG, JPEG, NPY; and their digests.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.image;
