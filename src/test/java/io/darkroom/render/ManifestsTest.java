package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request, rendered twice. */
class ManifestsTest {
  private static final ObjectUri FOLDER = ObjectUri.parse("s3://pictures/renders/job/");

  private final Manifests manifests = new Manifests(new MemoryStore());

  @ParameterizedTest
  @ValueSource(strings = {"repeatable", "fast"})
  void theStoredPixelsCountInTiersThatAllowOthers(String tier) throws RenderFailure {
    Manifest first = manifest(tier, "a");
    manifests.commit(FOLDER, first);
    assertThat(manifests.commit(FOLDER, manifest(tier, "b")))
        .isEqualTo(new RenderOutcome.Completed(first, true));
  }

  @Test
  void otherPixelsInTheExactTierAreReported() throws RenderFailure {
    manifests.commit(FOLDER, manifest("exact", "a"));
    assertThat(manifests.commit(FOLDER, manifest("exact", "a")))
        .isInstanceOf(RenderOutcome.Completed.class);
    assertThatThrownBy(() -> manifests.commit(FOLDER, manifest("exact", "b")))
        .isInstanceOf(RenderFailure.class)
        .hasMessageStartingWith("pixels_sha256 of the stored manifest are [" + "a".repeat(64));
  }

  @Test
  void aRefusedWriteWithoutAStoredManifestFails() {
    Manifests broken = new Manifests(new RefusingStore());

    assertThatThrownBy(() -> broken.commit(FOLDER, manifest("exact", "a")))
        .isInstanceOfSatisfying(
            ObjectStore.StoreFailure.class,
            failure -> assertThat(failure.refused()).as("is tried again").isFalse());
  }

  /** Responds to each conditional write as if the object existed. */
  private static final class RefusingStore implements ObjectStore {
    @Override
    public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
      return Optional.empty();
    }

    @Override
    public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
      return Optional.empty();
    }

    @Override
    public void put(ObjectUri uri, byte[] bytes, String mediaType) {}

    @Override
    public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
      return false;
    }

    @Override
    public void delete(ObjectUri uri) {
      throw new AssertionError(uri);
    }
  }

  private static Manifest manifest(String tier, String digit) {
    Fingerprint.Device device =
        new Fingerprint.Device(
            "1.28.0", "cpu", Map.of(), "AVX2", "", 1, "float32", "all", tier, "1-8");
    Fingerprint fingerprint =
        new Fingerprint(
            Optional.empty(),
            "0".repeat(64),
            Map.of("unet", "1".repeat(64)),
            "2".repeat(64),
            "torch_cpu",
            device,
            "test");
    String pixels = digit.repeat(64);
    String uri = FOLDER + "0-" + digit.repeat(12) + ".png";
    return new Manifest(
        "job",
        "3".repeat(64),
        Map.of(),
        List.of(
            new Manifest.OutputFile(
                0,
                1,
                uri,
                "image/png",
                List.of(3, 8, 8),
                Optional.of(new Size(8, 8)),
                100,
                pixels,
                pixels,
                Optional.empty())),
        List.of(),
        List.of(new Manifest.RenderedStage("model", fingerprint)),
        new Manifest.Timings(0, 0, 0, 0, 0, 0, 0),
        5,
        5,
        1,
        List.of(),
        Map.of(),
        Optional.empty());
  }
}
