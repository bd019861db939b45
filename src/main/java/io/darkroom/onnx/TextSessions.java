package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.DeviceFailure.Kind;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.TextEncoderInfo;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a text encoder: that of its file, and that of the graph with the outputs of
 * {@link EarlierStates}, which the first text that skips layers opens. From then on the second one
 * encodes all texts if it gives the same bits for a text that skips none; otherwise both are kept.
 * So packages whose requests skip no layers need no more memory or time. Engine thread only.
 */
final class TextSessions implements AutoCloseable {
  private final Path folder;
  private final String file;
  private final TextEncoderInfo info;
  private final NetworkSettings settings;
  private Session plain;
  private @Nullable Session skipping;

  private TextSessions(
      Path folder, String file, TextEncoderInfo info, NetworkSettings settings, Session plain) {
    this.folder = folder;
    this.file = file;
    this.info = info;
    this.settings = settings;
    this.plain = plain;
  }

  /** Opens the session of the file. */
  static TextSessions open(Path folder, TextEncoderInfo info, NetworkSettings settings)
      throws BrokenPackage {
    String file = info.component() + "/model.onnx";
    return new TextSessions(folder, file, info, settings, Session.open(folder, file, settings));
  }

  /** Returns the session for texts that skip no layers. */
  Session plain() {
    return plain;
  }

  /**
   * Returns the session for texts that skip layers.
   *
   * @param answer gives the digest of a session's output for a fixed text that skips no layers
   * @throws DeviceFailure if it cannot be opened
   */
  Session skipping(Function<Session, String> answer) {
    Session open = skipping;
    if (open == null) {
      open = info.readsLast() ? opened(answer) : plain;
      skipping = open;
    }
    return open;
  }

  private Session opened(Function<Session, String> answer) {
    Session edited = edited();
    boolean kept = false;
    try {
      boolean same = answer.apply(edited).equals(answer.apply(plain));
      edited.removeLimit();
      if (same) {
        plain.close();
        plain = edited;
      }
      kept = true;
      return edited;
    } catch (RunLimit.Exceeded e) {
      throw refused(e.broken());
    } finally {
      if (!kept) {
        edited.close();
      }
    }
  }

  private Session edited() {
    try {
      return OnnxGraph.read(folder, file)
          .withEarlierStates(info.mostSkip())
          .orElseThrow(() -> new BrokenPackage(file, "", "has changed since it was opened"))
          .open(folder, settings);
    } catch (BrokenPackage e) {
      throw refused(e);
    } catch (OutOfMemoryError e) {
      throw new DeviceFailure(
          Kind.OUT_OF_MEMORY, "clip_skip needs the text encoder in memory once more", e);
    }
  }

  private static DeviceFailure refused(BrokenPackage e) {
    return new DeviceFailure(Kind.REFUSED, "clip_skip: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    if (skipping != null && skipping != plain) {
      skipping.close();
    }
    plain.close();
  }
}
