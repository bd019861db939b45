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

/** Which seeds a request's images have. */
final class SeedChoice {

  private SeedChoice() {}

  /** The request's seeds with the first one filled in. */
  static Seeds effective(RenderRequest request, Limits limits, Violations violations) {
    Seeds asked = request.seeds();
    int images = asked.seeds().isEmpty() ? asked.numImages() : asked.seeds().size();
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
        !shared || asked.seeds().isEmpty(), "/seeds", "go with seed_mode image, not with batch");
    Optional<Long> seed =
        asked.seeds().isEmpty()
            ? Optional.of(asked.seed().orElseGet(() -> seedOf(request.id())))
            : Optional.empty();
    return new Seeds(seed, asked.seeds(), asked.mode(), asked.generator(), images);
  }

  /** The parts of effective seeds, one per image. */
  static List<Stage.Part> parts(Seeds seeds) {
    Generator generator = Generator.named(seeds.generator()).orElseThrow();
    List<Stage.Part> parts = new ArrayList<>();
    for (int i = 0; i < seeds.numImages(); i++) {
      parts.add(part(seeds, generator, i));
    }
    return parts;
  }

  private static Stage.Part part(Seeds seeds, Generator generator, int index) {
    if (seeds.mode() == Seeds.Mode.BATCH) {
      long seed = seeds.seed().orElseThrow();
      Stage.NoiseKey key = new Stage.NoiseKey(generator, seed, index, seeds.numImages());
      return new Stage.Part(index, seed, key);
    }
    long seed =
        seeds.seeds().isEmpty() ? seeds.seed().orElseThrow() + index : seeds.seeds().get(index);
    return new Stage.Part(index, seed, new Stage.NoiseKey(generator, seed, 0, 1));
  }

  /** The first eight bytes of the id's SHA-256, so that a replay is exact. */
  private static long seedOf(JobId id) {
    byte[] digest = Sha256.digest().digest(id.value().getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }
}
