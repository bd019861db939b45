package io.darkroom.app.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.HostilePackages;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests each kind of broken package next to a sound one: the sound one is served, the other one is
 * named with its reason.
 */
class BrokenKindsTest {
  private static final long ROOM = 1 << 30;
  private static final String SERVED = ModelBucket.SERVED.toString();

  @TempDir Path root;
  private ModelBucket bucket;

  @BeforeEach
  void openBucket() throws Exception {
    bucket = new ModelBucket(root.resolve("s3"));
  }

  @AfterEach
  void closeBucket() {
    bucket.close();
  }

  /** What is wrong with a package. */
  enum Kind {
    MISSING_PART("unet/model.onnx: is missing") {
      @Override
      void damage(ModelBucket bucket, Path sound) {
        bucket.delete("broken/unet/model.onnx");
      }
    },
    WRONG_SHAPE("unet/config.json: max_num_frames: must be an integer, 1 or more") {
      @Override
      void damage(ModelBucket bucket, Path sound) throws Exception {
        Path deep = sound.resolveSibling("deep");
        HostilePackages.deepSample(deep);
        bucket.put("broken", deep);
      }
    },
    WRONG_DIGEST("unet/config.json: sha256 must be ") {
      @Override
      void damage(ModelBucket bucket, Path sound) throws Exception {
        bucket.put("broken/SHA256SUMS", BucketModelsTest.sums(sound));
        bucket.put("broken/unet/config.json", "{}");
      }
    },
    HALF_WRITTEN("unet/model.onnx: must be an ONNX model") {
      @Override
      void damage(ModelBucket bucket, Path sound) throws Exception {
        byte[] whole = Files.readAllBytes(sound.resolve("unet/model.onnx"));
        bucket.put("broken/unet/model.onnx", Arrays.copyOf(whole, whole.length / 2));
      }
    },
    PATH_ESCAPE(
        "unet/model.onnx: ../../sound/unet/config.json: must be a file of weights in unet") {
      @Override
      void damage(ModelBucket bucket, Path sound) throws Exception {
        Path escaping = sound.resolveSibling("escaping");
        HostilePackages.weightsOutside(escaping, "../../sound/unet/config.json");
        bucket.put("broken", escaping);
      }
    };

    private final String reason;

    Kind(String reason) {
      this.reason = reason;
    }

    abstract void damage(ModelBucket bucket, Path sound) throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  void theSoundPackageIsServedAndTheBrokenOneIsNamed(Kind kind) throws Exception {
    Path sound = root.resolve("sound");
    HostilePackages.sound(sound);
    bucket.put("sound", sound);
    bucket.put("broken", sound);
    kind.damage(bucket, sound);
    try (ModelBucket.Reader reader = bucket.reader(root.resolve("cache"), ROOM)) {
      LocatedModels located = reader.read(SERVED);
      PackageCatalog catalog = PackageCatalog.read(located.folders());
      List<BrokenPackage> broken = new ArrayList<>(located.broken());
      broken.addAll(catalog.broken().values());

      assertThat(served(catalog, broken)).containsExactly("sound");
      assertThat(broken)
          .singleElement()
          .satisfies(each -> assertThat(each).hasMessageStartingWith("broken: " + kind.reason));
    }
  }

  /** Opens and tests all packages of a catalog; adds those that are refused to {@code broken}. */
  private static List<String> served(PackageCatalog catalog, List<BrokenPackage> broken) {
    List<String> served = new ArrayList<>();
    catalog
        .packages()
        .forEach(
            (name, model) -> {
              try (OrtNetworks networks =
                  OrtNetworks.load(model, new NetworkSettings(1, 2, Tier.EXACT))) {
                served.add(networks.card().name());
              } catch (BrokenPackage refused) {
                broken.add(refused.name().isEmpty() ? refused.in(name) : refused);
              }
            });
    return served;
  }
}
