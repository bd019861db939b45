package io.darkroom.render;

import io.darkroom.job.RenderRequest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.json.RequestCodec;
import io.darkroom.text.Printable;
import io.darkroom.text.Sha256;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The checkpoint of one request in the store, {@code <folder>checkpoint.bin}. The worker that stops
 * writes it, the worker that continues reads it, and it is deleted when the request has an outcome.
 * If it cannot be read, written or deleted, the request does not fail; one line is logged. Used
 * only by the thread of the job.
 */
final class CheckpointFile {
  private static final System.Logger LOG = System.getLogger(CheckpointFile.class.getName());
  private static final String NAME = "checkpoint.bin";
  private static final long LONGEST_ARRAY = 2_000_000_000;

  private final ObjectStore store;
  private final ObjectUri uri;
  private final RenderSettings settings;

  /** Whether the store may contain the file. */
  private boolean mayExist = true;

  /**
   * @param folder folder of the request's objects
   */
  CheckpointFile(ObjectStore store, ObjectUri folder, RenderSettings settings) {
    this.store = store;
    this.uri = folder.child(NAME);
    this.settings = settings;
  }

  /** Returns the checkpoint of this render; empty if there is no usable one. */
  Optional<Checkpoint> read(Prepared prepared) {
    try {
      Optional<byte[]> bytes = store.get(uri, settings.maxCheckpointBytes());
      mayExist = bytes.isPresent();
      if (bytes.isPresent()) {
        return Optional.of(Checkpoint.decode(bytes.get(), key(prepared), prepared.plan()));
      }
    } catch (Checkpoint.Unusable | ObjectStore.TooLarge | ObjectStore.StoreFailure unusable) {
      ignored(String.valueOf(unusable.getMessage()));
    }
    return Optional.empty();
  }

  /** Logs that the checkpoint cannot be used. */
  void ignored(String reason) {
    LOG.log(
        Level.WARNING, "checkpoint ignored uri=" + uri + " reason=" + Printable.logValue(reason));
  }

  /** Writes a checkpoint for another worker. */
  void write(Prepared prepared, Checkpoint checkpoint) {
    // Tested before the bytes exist: the heap may not have room for them.
    if (checkpoint.sampleBytes() > most()) {
      tooLarge(checkpoint.sampleBytes());
      return;
    }
    byte[] bytes = checkpoint.encode(key(prepared));
    if (bytes.length > most()) {
      tooLarge(bytes.length);
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

  private void tooLarge(long bytes) {
    notWritten("must be at most " + most() + " bytes, is " + bytes);
  }

  private long most() {
    return Math.min(settings.maxCheckpointBytes(), LONGEST_ARRAY);
  }

  private void notWritten(String reason) {
    LOG.log(
        Level.WARNING,
        "checkpoint not stored uri=" + uri + " reason=" + Printable.logValue(reason));
  }

  /** Deletes the checkpoint after the outcome of the request is decided. */
  void delete() {
    if (!mayExist) {
      return;
    }
    try {
      store.delete(uri);
    } catch (ObjectStore.StoreFailure failure) {
      LOG.log(
          Level.WARNING,
          "checkpoint not removed uri="
              + uri
              + " reason="
              + Printable.logValue(String.valueOf(failure.getMessage())));
    }
  }

  /** Returns a digest of everything that the bits of a render depend on. */
  private String key(Prepared prepared) {
    RenderRequest effective = prepared.plan().effective();
    StringBuilder all = new StringBuilder();
    all.append(new String(RequestCodec.write(effective), StandardCharsets.UTF_8));
    prepared
        .fingerprints(settings.workerVersion())
        .forEach(fingerprint -> all.append('\n').append(ManifestCodec.text(fingerprint)));
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
