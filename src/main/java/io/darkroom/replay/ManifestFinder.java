package io.darkroom.replay;

import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.DamagedManifest;
import io.darkroom.json.Decoded;
import io.darkroom.json.ManifestCodec;
import io.darkroom.json.MessageHeaders;
import io.darkroom.json.RequestCodec;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.util.Optional;

/**
 * Finds the first render of a request from a record of the topic or from a manifest. If the request
 * cannot be replayed, the result contains the reason. Safe for use by many threads.
 */
public final class ManifestFinder {
  private static final String NAME = "manifest.json";
  private static final long MAX_BYTES = 4 << 20;

  private final ObjectStore store;
  private final ObjectUri defaultPrefix;
  private final RequestCodec requests;
  private final ManifestCodec manifests = new ManifestCodec();

  /**
   * @param store store with the original results
   * @param defaultPrefix prefix of requests without {@code output.prefix}
   */
  public ManifestFinder(ObjectStore store, ObjectUri defaultPrefix, RequestCodec requests) {
    this.store = store;
    this.defaultPrefix = defaultPrefix;
    this.requests = requests;
  }

  /** A request to replay, or the reason why there is none. */
  public sealed interface Found {
    /** The request can be replayed. */
    record Request(Recorded recorded) implements Found {}

    /** The request cannot be replayed. */
    record Nothing(Finding finding) implements Found {}
  }

  /**
   * Finds the request of a record of the topic of requests, or of a dead letter.
   *
   * @param failure why the request failed; empty if the record is not a dead letter
   * @throws ObjectStore.StoreFailure if the store does not answer
   */
  public Found ofRecord(
      String source, byte[] body, MessageHeaders headers, Optional<String> failure) {
    Decoded decoded = requests.read(body, headers);
    Found found =
        decoded instanceof Decoded.Valid valid
            ? ofRequest(source, valid)
            : nothing(
                "", source, "the original request is invalid: " + ManifestCheck.invalid(decoded));
    return found instanceof Found.Nothing nothing && failure.isPresent()
        ? nothing(nothing.finding().requestId(), source, "the original failed: " + failure.get())
        : found;
  }

  private Found ofRequest(String source, Decoded.Valid valid) {
    RenderRequest request = valid.request();
    String id = request.id().value();
    boolean ofAllRequests = false;
    try {
      ObjectUri prefix = request.output().prefix().map(ObjectUri::parse).orElse(defaultPrefix);
      ofAllRequests = prefix.bucket().equals(defaultPrefix.bucket());
      ObjectUri uri = prefix.child(id + "/" + NAME);
      Optional<byte[]> stored = store.get(uri, MAX_BYTES);
      return stored.isEmpty()
          ? nothing(id, source, "it has no stored result: " + uri + " does not exist")
          : ofRequest(source, valid, uri, stored.get());
    } catch (ObjectStore.StoreFailure failure) {
      if (ofAllRequests) {
        throw failure; // e.g. wrong credentials
      }
      return refused(id, source, failure);
    } catch (IllegalArgumentException | ObjectStore.TooLarge unusable) {
      return nothing(id, source, String.valueOf(unusable.getMessage()));
    }
  }

  private Found ofRequest(String source, Decoded.Valid valid, ObjectUri uri, byte[] stored) {
    String id = valid.request().id().value();
    try {
      Manifest original = manifests.read(stored);
      if (!original.requestSha256().equals(valid.sha256())) {
        return nothing(id, source, uri + " is the result of a different request with this id");
      }
      return new Found.Request(new Recorded(source, valid.request(), original));
    } catch (DamagedManifest damaged) {
      return nothing(id, source, uri + ": " + damaged.getMessage());
    }
  }

  /**
   * Returns the finding for a bucket or object that the store refuses, e.g. of a request that was
   * rejected because of its bucket. Other failures end the replay.
   */
  private static Found refused(String id, String source, ObjectStore.StoreFailure failure) {
    if (!failure.refused()) {
      throw failure;
    }
    return nothing(id, source, "it has no stored result: " + failure.getMessage());
  }

  /**
   * Reads the manifest at an address. Its effective request is replayed. Returns empty if there is
   * none any more.
   *
   * @throws ObjectStore.StoreFailure if the store does not answer
   */
  public Optional<Found> at(ObjectUri uri) {
    String source = uri.toString();
    try {
      return store.get(uri, MAX_BYTES).map(bytes -> ofManifest(source, bytes));
    } catch (ObjectStore.StoreFailure failure) {
      return Optional.of(refused("", source, failure));
    } catch (ObjectStore.TooLarge unusable) {
      return Optional.of(nothing("", source, String.valueOf(unusable.getMessage())));
    }
  }

  private Found ofManifest(String source, byte[] bytes) {
    try {
      return ofManifest(source, manifests.read(bytes));
    } catch (DamagedManifest damaged) {
      return nothing("", source, String.valueOf(damaged.getMessage()));
    }
  }

  /** Takes the effective request of a manifest. */
  public Found ofManifest(String source, Manifest original) {
    byte[] request = RequestCodec.write(original.request());
    Decoded decoded = requests.read(request, "application/json");
    if (decoded instanceof Decoded.Valid valid) {
      return new Found.Request(new Recorded(source, valid.request(), original));
    }
    return nothing(original.requestId(), source, ManifestCheck.invalid(decoded));
  }

  private static Found nothing(String id, String source, String reason) {
    return new Found.Nothing(Finding.notReplayable(id, source, reason));
  }
}
