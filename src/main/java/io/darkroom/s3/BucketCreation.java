package io.darkroom.s3;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/** Creates the bucket for results. Blocks the calling thread. */
public final class BucketCreation {
  private BucketCreation() {}

  /**
   * Creates a bucket in the client's region.
   *
   * @return false if the bucket already existed
   * @throws io.darkroom.render.ObjectStore.StoreFailure if the store refuses or does not answer
   */
  public static boolean create(S3Client client, String bucket) {
    try {
      client.headBucket(head -> head.bucket(bucket));
      return false;
    } catch (SdkException missing) {
      return createMissing(client, bucket);
    }
  }

  private static boolean createMissing(S3Client client, String bucket) {
    try {
      client.createBucket(create -> create.bucket(bucket));
      return true;
    } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException there) {
      return false;
    } catch (SdkException e) {
      throw Failures.of("s3://" + bucket, "cannot be created", e);
    }
  }
}
