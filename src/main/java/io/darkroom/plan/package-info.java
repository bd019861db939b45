/** Plans a request with the cards of its models. It uses no clock, no random numbers and no I/O. */
@org.jspecify.annotations.NullMarked
package io.darkroom.plan;
