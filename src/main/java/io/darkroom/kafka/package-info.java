/** Records in, events out, acknowledgement. */
@org.jspecify.annotations.NullMarked
package io.darkroom.kafka;
