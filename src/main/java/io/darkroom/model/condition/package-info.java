/** One file per condition that a network can have; found as services, named nowhere else. */
@org.jspecify.annotations.NullMarked
package io.darkroom.model.condition;
