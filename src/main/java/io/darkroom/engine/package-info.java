/** The render loop: slots, buckets, one evaluation at a time, and the ports for the networks. */
@org.jspecify.annotations.NullMarked
package io.darkroom.engine;
