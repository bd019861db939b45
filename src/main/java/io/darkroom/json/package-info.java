/**
 * The one place of JSON: requests, events, manifests and package configurations between bytes and
 * values. A codec never decides anything.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.json;
