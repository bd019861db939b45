/** Packages from folders and from buckets, which are downloaded into a bounded cache. */
@NullMarked
package io.darkroom.app.models;

import org.jspecify.annotations.NullMarked;
