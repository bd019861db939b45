/** HTTP servers of the console and of the exporter, with or without TLS. */
@NullMarked
package io.darkroom.http;

import org.jspecify.annotations.NullMarked;
