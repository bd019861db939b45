/**
 * Converts JSON to values and back: requests, events, manifests and package configurations. The
 * only package that uses a JSON library. Codecs make no decisions.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.json;
