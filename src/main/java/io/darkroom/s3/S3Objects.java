package io.darkroom.s3;

import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists the objects of a bucket and downloads them to files. Calls block and retry within a time
 * limit before they throw. Safe for use by many threads.
 */
public final class S3Objects {
  private static final String SLASH = "/";
  private static final int PAGE = 1000;

  private final S3Access access;
  private final int page;

  /** Creates a reader. */
  public S3Objects(S3Access access) {
    this(access, PAGE);
  }

  /**
   * @param page maximum number of entries of one answer of the store
   */
  S3Objects(S3Access access, int page) {
    this.access = access;
    this.page = page;
  }

  /**
   * The first level under a prefix.
   *
   * @param folders what follows the prefix in longer keys, up to the next slash, unchecked
   * @param objects the objects whose keys have no further slash
   */
  public record Level(List<String> folders, List<ListedObject> objects) {
    public Level {
      folders = List.copyOf(folders);
      objects = List.copyOf(objects);
    }
  }

  /**
   * Returns the first level under a prefix.
   *
   * @param most maximum number of entries; if there are more, at least one more is returned
   * @throws StoreFailure if the prefix cannot be listed
   */
  public Level level(ObjectUri prefix, int most) {
    List<String> folders = new ArrayList<>();
    List<ListedObject> objects = new ArrayList<>();
    pages(
        prefix.bucket(),
        prefix.key(),
        SLASH,
        answer -> {
          answer.commonPrefixes().forEach(each -> folders.add(folder(prefix, each)));
          answer.contents().forEach(each -> objects.add(listed(each)));
          return folders.size() + objects.size() <= most;
        });
    return new Level(folders, objects);
  }

  /**
   * Returns all objects whose keys begin with a prefix, ordered by key.
   *
   * @param prefix the beginning of the keys, unchecked
   * @param most maximum number of objects; if there are more, at least one more is returned
   * @throws StoreFailure if they cannot be listed
   */
  public List<ListedObject> list(String bucket, String prefix, int most) {
    List<ListedObject> found = new ArrayList<>();
    pages(
        bucket,
        prefix,
        "",
        answer -> {
          answer.contents().forEach(each -> found.add(listed(each)));
          return found.size() <= most;
        });
    return found;
  }

  /**
   * Writes an object to a new file, part by part, and forces it to the disk. The heap holds only a
   * small part of it.
   *
   * @throws StoreFailure if it cannot be read or is no longer the object of the listing
   * @throws IOException if the file exists or cannot be written
   */
  public void download(ObjectUri uri, ListedObject listed, Path file) throws IOException {
    ObjectDownload.run(access, uri, listed, file);
  }

  /** Reads pages until one is the last or {@code more} returns false. */
  private void pages(
      String bucket, String prefix, String delimiter, Predicate<ListObjectsV2Response> more) {
    try {
      access.run(deadline -> pages(deadline, bucket, prefix, delimiter, more));
    } catch (SdkException failure) {
      throw Failures.of("s3://" + bucket + SLASH + prefix, "cannot be listed", failure);
    }
  }

  private int pages(
      Deadline deadline,
      String bucket,
      String prefix,
      String delimiter,
      Predicate<ListObjectsV2Response> more) {
    int read = 0;
    for (ListObjectsV2Response answer :
        access
            .client()
            .listObjectsV2Paginator(
                request ->
                    request
                        .bucket(bucket)
                        .prefix(prefix)
                        .delimiter(delimiter.isEmpty() ? null : delimiter)
                        .maxKeys(page)
                        .overrideConfiguration(deadline.forRequest()))) {
      read++;
      if (!more.test(answer)) {
        break;
      }
    }
    return read;
  }

  private static String folder(ObjectUri prefix, CommonPrefix found) {
    String rest = found.prefix().substring(prefix.key().length());
    return rest.endsWith(SLASH) ? rest.substring(0, rest.length() - 1) : rest;
  }

  private static ListedObject listed(S3Object object) {
    return new ListedObject(
        object.key(),
        object.size() == null ? 0 : object.size(),
        object.eTag() == null ? "" : object.eTag());
  }
}
