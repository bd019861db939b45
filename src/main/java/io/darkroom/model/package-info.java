/** Model packages as facts: shapes, inputs, conditions, space, and what was measured of them. */
@org.jspecify.annotations.NullMarked
package io.darkroom.model;
