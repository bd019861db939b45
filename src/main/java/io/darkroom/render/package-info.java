/** One job from request to outcome: prepare, render, store, commit; port for the store. */
@org.jspecify.annotations.NullMarked
package io.darkroom.render;
