/** Text that is safe to show, and digests in hexadecimal. Every package may import this one. */
@org.jspecify.annotations.NullMarked
package io.darkroom.text;
