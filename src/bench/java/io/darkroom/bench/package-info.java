/** Measures the cost of renders compared with the cost of their networks. */
@org.jspecify.annotations.NullMarked
package io.darkroom.bench;
