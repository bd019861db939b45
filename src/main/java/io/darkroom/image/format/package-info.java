/** One file per file format of results; found as services, named nowhere else. */
@org.jspecify.annotations.NullMarked
package io.darkroom.image.format;
