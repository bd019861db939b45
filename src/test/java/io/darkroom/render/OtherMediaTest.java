package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.GoldenPackages;
import io.darkroom.engine.EngineLimits;
import io.darkroom.image.Npy;
import io.darkroom.image.Wav;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Tier;
import io.darkroom.job.Violation;
import io.darkroom.json.EventCodec;
import io.darkroom.json.Schemas;
import io.darkroom.onnx.FilmPackage;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.replay.StoredFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that have no width and height, from the request to the file. */
class OtherMediaTest {

  @TempDir static Path folder;
  private static TestWorker darkroom;

  @BeforeAll
  static void open() throws IOException {
    darkroom = new TestWorker(folder, new EngineLimits(8, Duration.ofSeconds(30)));
    for (String name : List.of("wave-mini", "gauss1d")) {
      darkroom.serve(
          () ->
              OrtNetworks.load(
                  PackageReader.read(GoldenPackages.folder(name)),
                  new NetworkSettings(1, 4, Tier.EXACT)));
    }
    darkroom.serve(
        FilmPackage.write(
            folder.resolve("stereo"),
            "{\"sample_size\": 64, \"sample_rate\": 16000, \"size_multiple\": 1}",
            "2",
            "length"));
  }

  @AfterAll
  static void close() {
    darkroom.close();
  }

  private static Settlement settle(String id, String model, String more) {
    return darkroom.settle(
        "{'id':'%s','kind':'generate','model':'%s','num_inference_steps':4%s}"
            .formatted(id, model, more));
  }

  private static Manifest completed(Settlement settled) {
    assertThat(settled.outcome()).isInstanceOf(RenderOutcome.Completed.class);
    byte[] event =
        new EventCodec("/darkroom/test").terminal(settled.outcome(), 1, TestWorker.NOW).data();
    Schemas.assertValid("render-completed", event);
    return ((RenderOutcome.Completed) settled.outcome()).manifest();
  }

  private static byte[] file(Manifest.OutputFile output) {
    return darkroom.store().get(ObjectUri.parse(output.uri()), 1 << 20).orElseThrow();
  }

  @Test
  void aSoundIsAWavFileWithTheLengthOfTheRequest() throws Exception {
    // 300.8 samples: the network makes 304, of which the last ones are cut off.
    Manifest manifest =
        completed(settle("sound", "wave-mini", ",'num_images':2,'audio_length_in_s':0.0376"));

    assertThat(manifest.outputs()).hasSize(2);
    for (Manifest.OutputFile output : manifest.outputs()) {
      assertThat(output.mediaType()).isEqualTo("audio/wav");
      assertThat(output.uri()).endsWith(".wav");
      assertThat(output.shape()).containsExactly(1, 300);
      assertThat(output.size()).isEmpty();
      try (AudioInputStream sound =
          AudioSystem.getAudioInputStream(new ByteArrayInputStream(file(output)))) {
        assertThat(sound.getFrameLength()).isEqualTo(300);
        AudioFormat format = sound.getFormat();
        assertThat(format.getSampleRate()).isEqualTo(8000);
        assertThat(format.getChannels()).isEqualTo(1);
        assertThat(format.getSampleSizeInBits()).isEqualTo(16);
      }
    }
    assertThat(manifest.request()).containsEntry("audio_length_in_s", 0.0376);
    assertThat(manifest.request()).doesNotContainKeys("width", "height");
  }

  @Test
  void aSoundOfSeveralChannelsCanBeFloat() throws Exception {
    String same = ",'seed':5,'audio_length_in_s':0.003";
    Manifest floats =
        completed(settle("floats", "stereo", same + ",'output':{'format':'wav','bits':32}"));
    Manifest npy = completed(settle("numbers", "stereo", same + ",'output':{'format':'npy'}"));

    assertThat(floats.outputs().get(0).shape()).containsExactly(2, 48);
    assertThat(floats.request().get("output")).asString().contains("bits=32");
    double[] values = Npy.read(file(npy.outputs().get(0)), 1 << 20).doubles();
    double[] samples = Wav.samples(file(floats.outputs().get(0)));
    for (int i = 0; i < samples.length; i++) {
      assertThat(samples[i]).isEqualTo(values[i % 2 * 48 + i / 2]);
    }
    assertThat(new StoredFiles(darkroom.store()).check(floats)).isEmpty();
    assertThat(violations("bits", "stereo", ",'output':{'bits':8}"))
        .containsExactly(
            "/output/bits: must be those of wav for stereo, is 8: the formats of the model are npy"
                + " (float32) or wav (16 or 32 bits)");
  }

  @Test
  void theDefaultLengthOfASoundIsThePackages() {
    Manifest manifest = completed(settle("standard", "wave-mini", ",'output':{'format':'npy'}"));
    assertThat(manifest.outputs().get(0).shape()).containsExactly(1, 4096);
    assertThat(manifest.request()).containsEntry("audio_length_in_s", 0.512);
  }

  @Test
  void aPointIsAnNpyFileOfItsChannels() throws Exception {
    Manifest manifest = completed(settle("point", "gauss1d", ""));
    Manifest.OutputFile output = manifest.outputs().get(0);
    assertThat(output.shape()).containsExactly(1);
    assertThat(output.mediaType()).isEqualTo("application/x-npy");
    assertThat(Npy.read(file(output), 10).shape()).containsExactly(1);
  }

  @Test
  void fieldsAndFormatsOfAnotherMediumAreViolations() {
    assertThat(violations("a", "wave-mini", ",'width':8,'height':8,'output':{'format':'png'}"))
        .containsExactly(
            "/output/format: must be npy or wav for wave-mini, whose results have 1 channels, is"
                + " png",
            "/width: must be left out: the results of wave-mini have no width and height");
    assertThat(violations("b", "wave-mini", ",'audio_length_in_s':1000"))
        .containsExactly(
            "/audio_length_in_s: must give 1 to 65536 samples at 8000 samples per second, gives"
                + " 8000000");
    assertThat(violations("c", "gauss1d", ",'audio_length_in_s':1,'output':{'format':'wav'}"))
        .containsExactly(
            "/output/format: must be npy for gauss1d, whose results have 1 channels, is wav",
            "/audio_length_in_s: must be left out: gauss1d has no such input");
  }

  private static List<String> violations(String id, String model, String more) {
    RenderOutcome.Rejected rejected = (RenderOutcome.Rejected) settle(id, model, more).outcome();
    assertThat(rejected.problem().kind()).isEqualTo(ErrorClass.INVALID);
    return rejected.problem().violations().stream().map(OtherMediaTest::line).toList();
  }

  private static String line(Violation violation) {
    return violation.pointer() + ": " + violation.message();
  }
}
