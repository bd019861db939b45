/**
 * Processes one job from request to outcome: prepare, render, store, commit. Contains the port for
 * the store.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.render;
