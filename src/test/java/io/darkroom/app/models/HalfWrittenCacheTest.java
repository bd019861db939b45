package io.darkroom.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.onnx.HostilePackages;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.ListedObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that damaged entries of the cache are replaced, and other packages are served. */
class HalfWrittenCacheTest {
  private static final long ROOM = 1 << 30;
  private static final String NETWORK = "unet/model.onnx";

  @TempDir Path root;
  private ModelBucket bucket;

  @BeforeEach
  void openBucket() throws Exception {
    bucket = new ModelBucket(root.resolve("s3"));
    Path sound = root.resolve("sound");
    HostilePackages.sound(sound);
    for (String name : new String[] {"damaged", "other"}) {
      bucket.put(name, sound);
    }
    bucket.put("other/SHA256SUMS", BucketModelsTest.sums(sound));
  }

  @AfterEach
  void closeBucket() {
    bucket.close();
  }

  /** What happened to a file of the cache. */
  enum Damage {
    SHORTER {
      @Override
      byte[] of(byte[] whole) {
        return Arrays.copyOf(whole, whole.length - 1);
      }
    },
    ZEROS_AT_THE_END {
      @Override
      byte[] of(byte[] whole) {
        byte[] damaged = Arrays.copyOf(whole, whole.length);
        Arrays.fill(damaged, whole.length / 2, whole.length, (byte) 0);
        return damaged;
      }
    },
    ONE_BIT {
      @Override
      byte[] of(byte[] whole) {
        byte[] damaged = Arrays.copyOf(whole, whole.length);
        damaged[whole.length / 3] ^= 1;
        return damaged;
      }
    };

    abstract byte[] of(byte[] whole);
  }

  /** A package does not need a {@code SHA256SUMS} for it. */
  @ParameterizedTest
  @CsvSource({
    "SHORTER, damaged",
    "ZEROS_AT_THE_END, damaged",
    "ONE_BIT, damaged",
    "ONE_BIT, other"
  })
  void aDamagedFileIsDownloadedAgain(Damage damage, String name) throws Exception {
    Path network;
    try (ModelBucket.Reader reader = reader()) {
      network =
          reader.read(ModelBucket.SERVED.toString()).folders().stream()
              .map(entry -> entry.resolve(name).resolve(NETWORK))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
    }
    byte[] whole = Files.readAllBytes(network);
    Files.write(network, damage.of(whole));
    try (ModelBucket.Reader reader = reader()) {
      LocatedModels located = reader.read(ModelBucket.SERVED.toString());

      assertThat(PackageCatalog.read(located.folders()).packages())
          .containsOnlyKeys("damaged", "other");
      assertThat(network).hasBinaryContent(whole);
      assertThat(reader.lines())
          .filteredOn(line -> line.startsWith("package download begins"))
          .singleElement()
          .satisfies(line -> assertThat(line).contains("model=" + name));
    }
  }

  private ModelBucket.Reader reader() {
    return bucket.reader(root.resolve("cache"), ROOM);
  }

  @Test
  void anInterruptedDownloadLeavesNoEntry() throws Exception {
    ListedObject file = new ListedObject("served/p/a.bin", 4, "");
    BucketPackage pack =
        new BucketPackage(
            "p", ObjectUri.parse("s3://models/served/p/"), new TreeMap<>(Map.of("a.bin", file)));
    Path folder = root.resolve("cache");
    try (PackageCache cache = PackageCache.open(folder, ROOM, Clock.systemUTC(), line -> {})) {
      assertThatThrownBy(() -> cache.add(pack, HalfWrittenCacheTest::interrupted))
          .hasMessage("interrupted");
      assertThat(cache.find(pack)).isEmpty();
      assertThat(folder.toFile().list()).containsExactly(".lock");

      Path entry = cache.add(pack, to -> Files.writeString(to.resolve("a.bin"), "abcd"));

      assertThat(entry.resolve("p/a.bin")).hasContent("abcd");
      assertThat(cache.find(pack)).contains(entry);
    }
  }

  private static void interrupted(Path to) throws IOException {
    Files.writeString(to.resolve("a.bin"), "ab");
    throw new IOException("interrupted");
  }
}
