package io.darkroom.plan;

import io.darkroom.diffusion.noise.Generator;
import io.darkroom.job.JobId;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Seeds;
import io.darkroom.job.Violations;
import io.darkroom.text.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plans the seeds of a request's images. */
final class SeedChoice {

  private SeedChoice() {}

  /** Returns the request's seeds with the first one filled in. */
  static Seeds effective(RenderRequest request, Limits limits, Violations violations) {
    Seeds asked = request.seeds();
    int images = asked.images();
    violations.check(
        images <= limits.maxImages(),
        "/num_images",
        "must be 1 to " + limits.maxImages() + " for this worker, is " + images);
    violations.check(
        Generator.named(asked.generator()).isPresent(),
        "/generator",
        "must be torch_cpu, torch_cuda or philox, is " + asked.generator());
    boolean shared = asked.mode() == Seeds.Mode.BATCH;
    violations.check(
        !shared || asked.seeds().isEmpty(), "/seeds", "need seed_mode image, not batch");
    Optional<Long> seed =
        asked.seeds().isEmpty()
            ? Optional.of(asked.seed().orElseGet(() -> seedOf(request.id())))
            : Optional.empty();
    return new Seeds(seed, asked.seeds(), asked.mode(), asked.generator(), images);
  }

  /** Returns the images of effective seeds. */
  static List<Stage.Image> images(Seeds seeds) {
    Generator generator = Generator.named(seeds.generator()).orElseThrow();
    List<Stage.Image> images = new ArrayList<>();
    for (int i = 0; i < seeds.numImages(); i++) {
      images.add(image(seeds, generator, i));
    }
    return images;
  }

  private static Stage.Image image(Seeds seeds, Generator generator, int index) {
    long seed = seeds.seedOf(index).orElseThrow();
    Stage.NoiseKey key =
        seeds.mode() == Seeds.Mode.BATCH
            ? new Stage.NoiseKey(generator, seed, index, seeds.numImages())
            : new Stage.NoiseKey(generator, seed, 0, 1);
    return new Stage.Image(index, seed, key);
  }

  /** Returns the first eight bytes of the id's SHA-256, so that a replay uses the same seed. */
  private static long seedOf(JobId id) {
    byte[] digest = Sha256.digest().digest(id.value().getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }
}
