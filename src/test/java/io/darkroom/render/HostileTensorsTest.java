package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.GoldenPackages;
import io.darkroom.engine.EngineLimits;
import io.darkroom.image.Npy;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.RenderOutcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests with damaged NPY files, from the record to the outcome: each has one outcome, none is an
 * internal error, and no claim of a header makes the worker allocate more than the file has.
 */
class HostileTensorsTest {
  private static final int FILES = 400;
  private static final int PREFIX = 10;
  private static final List<String> TYPES =
      List.of(
          "<f2",
          "<f4",
          ">f4",
          "<f8",
          ">f8",
          "<i4",
          ">i4",
          "<i8",
          "|u1",
          "|O",
          "<c8",
          "<U999999999",
          "|V0",
          "");
  private static final List<String> SIZES =
      List.of(
          "0", "1", "2", "5", "6", "16", "17", "65536", "999999999", "2147483648", "-1", "1e9", "");

  /** Outcomes that a request with a damaged tensor may have; empty = it is rendered. */
  private static final Set<String> EXPECTED =
      Set.of("", ErrorClass.INPUT.name(), ErrorClass.INVALID.name(), ErrorClass.NUMERIC.name());

  @TempDir Path folder;

  @Test
  void everyRequestWithADamagedTensorHasOneOutcome() {
    Map<String, Integer> outcomes = new HashMap<>();
    try (TestWorker darkroom =
        new TestWorker(folder.resolve("store"), new EngineLimits(8, Duration.ofSeconds(30)))) {
      darkroom.serve(GoldenPackages.folder("molecule-mini"));
      for (int seed = 0; seed < FILES; seed++) {
        String uri = "s3://pictures/in/" + seed;
        darkroom.store().put(ObjectUri.parse(uri), damaged(new Random(seed)), Npy.MEDIA_TYPE);
        String outcome = outcome(darkroom.settle(request(seed, uri)).outcome());
        assertThat(outcome).as("seed " + seed).isIn(EXPECTED);
        outcomes.merge(outcome, 1, Integer::sum);
      }
    }
    assertThat(outcomes).containsKeys("", ErrorClass.INPUT.name());
  }

  private static String request(int seed, String uri) {
    return ("{'id':'damaged-%d','kind':'generate','model':'molecule-mini','num_inference_steps':1,"
            + "'num_images':%d,'inputs':{'mask':{'uri':'%s'}}}")
        .formatted(seed, 1 + seed % 2, uri);
  }

  private static String outcome(RenderOutcome outcome) {
    if (outcome instanceof RenderOutcome.Failed failed) {
      return failed.problem().kind().name();
    }
    return outcome instanceof RenderOutcome.Rejected rejected
        ? rejected.problem().kind().name()
        : "";
  }

  /** A mask of five atoms with one to three damages. */
  private static byte[] damaged(Random random) {
    byte[] file = Npy.write(new float[] {1, 1, 0, 1, 1}, 1, 5);
    for (int i = random.nextInt(3); i >= 0; i--) {
      file = damaged(file, random);
    }
    return file;
  }

  private static byte[] damaged(byte[] file, Random random) {
    if (file.length == 0) {
      return file;
    }
    byte[] changed = file.clone();
    switch (random.nextInt(6)) {
      case 0 -> changed[random.nextInt(file.length)] = (byte) random.nextInt(256);
      case 1 -> changed[random.nextInt(Math.min(file.length, PREFIX))] = (byte) random.nextInt(256);
      case 2 -> changed = Arrays.copyOf(file, random.nextInt(2 * file.length));
      case 3 ->
          changed = replaced(file, "'descr': *'[^']*'", "'descr': '" + one(TYPES, random) + "'");
      case 4 -> changed = replaced(file, "False", "True");
      default -> changed = replaced(file, "\\([^)]*\\)", shape(random));
    }
    return changed;
  }

  private static String one(List<String> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  private static String shape(Random random) {
    StringBuilder shape = new StringBuilder("(");
    for (int i = random.nextInt(5); i > 0; i--) {
      shape.append(one(SIZES, random)).append(", ");
    }
    return shape.append(')').toString();
  }

  /** Replaces a part of the header's text and corrects the length of the text. */
  private static byte[] replaced(byte[] file, String part, String with) {
    int length = file.length < PREFIX ? 0 : (file[8] & 0xff) | (file[9] & 0xff) << 8;
    if (length == 0 || PREFIX + length > file.length) {
      return file;
    }
    String text = new String(file, PREFIX, length, StandardCharsets.ISO_8859_1);
    byte[] header = text.replaceFirst(part, with).getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, PREFIX - 2);
    out.write(header.length);
    out.write(header.length >> 8);
    out.writeBytes(header);
    out.write(file, PREFIX + length, file.length - PREFIX - length);
    return out.toByteArray();
  }
}
