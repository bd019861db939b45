package io.darkroom.plan;

import io.darkroom.diffusion.noise.Generator;
import io.darkroom.job.JobId;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which seeds a request's images have. */
final class DrawsChoice {

  private DrawsChoice() {}

  /** The request's draws with its seed filled in. */
  static Seeds effective(RenderRequest request, Limits limits, Violations violations) {
    Seeds asked = request.draws();
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

  /** The images of effective draws. */
  static List<Stage.Image> images(Seeds draws) {
    Generator generator = Generator.named(draws.generator()).orElseThrow();
    List<Stage.Image> images = new ArrayList<>();
    for (int i = 0; i < draws.numImages(); i++) {
      images.add(image(draws, generator, i));
    }
    return images;
  }

  private static Stage.Image image(Seeds draws, Generator generator, int index) {
    if (draws.mode() == Seeds.Mode.BATCH) {
      long seed = draws.seed().orElseThrow();
      Stage.NoiseKey key = new Stage.NoiseKey(generator, seed, index, draws.numImages());
      return new Stage.Image(index, seed, key);
    }
    long seed =
        draws.seeds().isEmpty() ? draws.seed().orElseThrow() + index : draws.seeds().get(index);
    return new Stage.Image(index, seed, new Stage.NoiseKey(generator, seed, 0, 1));
  }

  /** The first eight bytes of the id's SHA-256, so that a replay is exact. */
  private static long seedOf(JobId id) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(sha256.digest(id.value().getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }
}
