/** Model packages as facts: shapes, inputs, conditions, the space of samples, and measurements. */
@org.jspecify.annotations.NullMarked
package io.darkroom.model;
