/**
 * The conditions of networks, one file each. They are found by {@link java.util.ServiceLoader}; no
 * other file names them.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.model.condition;
