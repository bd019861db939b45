package io.darkroom.render;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.json.RequestCodec;
import io.darkroom.text.Sha256;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The checkpoint of one request in the store, {@code <folder>checkpoint.bin}. A worker that stops
 * writes it, the worker that continues reads it, and it is deleted with the request's outcome. A
 * failure to read, write or delete it never fails the request; it is one line in the log. Used by
 * the thread of the job only.
 */
final class CheckpointFile {
  private static final System.Logger LOG = System.getLogger(CheckpointFile.class.getName());
  private static final String NAME = "checkpoint.bin";

  private final ObjectStore store;
  private final ObjectUri uri;
  private final RenderSettings settings;

  /** Whether the store may contain it. */
  private boolean there = true;

  /**
   * @param folder folder of the request's objects
   */
  CheckpointFile(ObjectStore store, ObjectUri folder, RenderSettings settings) {
    this.store = store;
    this.uri = folder.child(NAME);
    this.settings = settings;
  }

  /** The checkpoint of this render; empty if there is none that can be used. */
  Optional<Checkpoint> read(Prepared prepared) {
    try {
      Optional<byte[]> bytes = store.get(uri, settings.maxCheckpointBytes());
      there = bytes.isPresent();
      if (bytes.isPresent()) {
        return Optional.of(Checkpoint.decode(bytes.get(), key(prepared), prepared.plan().stage()));
      }
    } catch (Checkpoint.Unusable | ObjectStore.TooLarge | ObjectStore.StoreFailure unusable) {
      ignored(String.valueOf(unusable.getMessage()));
    }
    return Optional.empty();
  }

  /** Logs that the checkpoint cannot be used. */
  void ignored(String reason) {
    LOG.log(Level.WARNING, "checkpoint ignored uri=" + uri + " reason=\"" + reason + "\"");
  }

  /** Writes a checkpoint for another worker. */
  void write(Prepared prepared, Checkpoint checkpoint) {
    byte[] bytes = checkpoint.encode(key(prepared));
    if (bytes.length > settings.maxCheckpointBytes()) {
      notWritten("must be at most " + settings.maxCheckpointBytes() + " bytes, is " + bytes.length);
      return;
    }
    try {
      store.put(uri, bytes, "application/octet-stream");
      LOG.log(
          Level.INFO,
          "checkpoint stored uri=%s bytes=%d evaluations=%d"
              .formatted(uri, bytes.length, checkpoint.evaluations()));
    } catch (ObjectStore.StoreFailure failure) {
      notWritten(String.valueOf(failure.getMessage()));
    }
  }

  private void notWritten(String reason) {
    LOG.log(Level.WARNING, "checkpoint not stored uri=" + uri + " reason=\"" + reason + "\"");
  }

  /** Deletes the checkpoint after the outcome of the request is decided. */
  void delete() {
    if (!there) {
      return;
    }
    try {
      store.delete(uri);
    } catch (ObjectStore.StoreFailure failure) {
      LOG.log(
          Level.WARNING,
          "checkpoint not removed uri=" + uri + " reason=\"" + failure.getMessage() + "\"");
    }
  }

  /** Digest of everything that the bits of a render depend on. */
  private String key(Prepared prepared) {
    RenderRequest effective = prepared.plan().effective();
    Fingerprint fingerprint = prepared.fingerprint(settings.workerVersion());
    String request = new String(RequestCodec.write(effective), StandardCharsets.UTF_8);
    String all = request + "\n" + ManifestCodec.text(fingerprint);
    return Sha256.of(all.getBytes(StandardCharsets.UTF_8));
  }
}
