package io.darkroom.s3;

import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** Lists the objects under a prefix. */
public final class S3Listing {

  private S3Listing() {}

  /**
   * Returns the addresses of all objects under a prefix whose keys end in {@code suffix}, ordered
   * by key.
   *
   * @throws StoreFailure if the prefix cannot be listed
   */
  public static List<ObjectUri> of(S3Client client, ObjectUri prefix, String suffix) {
    List<ObjectUri> found = new ArrayList<>();
    try {
      client
          .listObjectsV2Paginator(request -> request.bucket(prefix.bucket()).prefix(prefix.key()))
          .contents()
          .forEach(
              object -> {
                if (object.key().endsWith(suffix)) {
                  found.add(new ObjectUri(prefix.bucket(), object.key()));
                }
              });
      return found;
    } catch (SdkException failure) {
      throw new StoreFailure(prefix + ": cannot be listed: " + failure.getMessage(), failure);
    }
  }
}
