package io.darkroom.app.models;

import io.darkroom.render.ObjectUri;
import io.darkroom.s3.ListedObject;
import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A package in a bucket, as it is listed.
 *
 * @param name its name, a valid name of a package
 * @param prefix the prefix of its files
 * @param files its objects by the names of its files, which keep the {@link PackageFileNames}
 */
record BucketPackage(String name, ObjectUri prefix, SortedMap<String, ListedObject> files) {

  BucketPackage {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** Returns the sum of the lengths. */
  long bytes() {
    return files.values().stream().mapToLong(ListedObject::bytes).sum();
  }

  /** Returns the address of a file. */
  ObjectUri uri(String file) {
    return prefix.child(file);
  }

  /** Returns a digest of the listing, which changes when an object in the bucket changes. */
  String digest() {
    StringBuilder lines = new StringBuilder(prefix + "\0" + name + "\n");
    files.forEach(
        (file, object) ->
            lines
                .append(file)
                .append('\0')
                .append(object.bytes())
                .append('\0')
                .append(object.etag())
                .append('\n'));
    return Sha256.of(lines.toString().getBytes(StandardCharsets.UTF_8));
  }
}
