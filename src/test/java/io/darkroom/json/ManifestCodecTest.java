package io.darkroom.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.job.Attestation;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.Size;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestCodecTest {
  private static final ManifestCodec CODEC = new ManifestCodec();

  @Test
  void aWrittenManifestIsReadBackUnchanged() throws DamagedManifest {
    assertThat(CODEC.read(ManifestCodec.write(Manifests.SAMPLE))).isEqualTo(Manifests.SAMPLE);
  }

  @Property(tries = 300)
  void seedsAndNumbersOfAnySizeAreReadBackUnchanged(
      @ForAll @NotEmpty List<Long> seeds, @ForAll double number, @ForAll int whole)
      throws DamagedManifest {
    List<Manifest.OutputFile> outputs = new ArrayList<>();
    for (int i = 0; i < seeds.size(); i++) {
      outputs.add(Manifests.output(i, seeds.get(i)));
    }
    Map<String, Object> values = Map.of("number", number, "whole", whole, "list", List.of(number));
    Manifest manifest = Manifests.manifest(values, outputs, Manifests.CPU, values);

    assertThat(CODEC.read(ManifestCodec.write(manifest))).isEqualTo(manifest);
  }

  @Test
  void metadataIsReturnedUnchangedToTheDigit() throws DamagedManifest {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("nothing", Arrays.asList(null, true));
    metadata.put("price", new BigDecimal("1.10"));
    metadata.put("pi", new BigDecimal("3.14159265358979323846264338327950288"));
    metadata.put("large", new BigInteger("123456789012345678901234567890"));
    Manifest manifest =
        Manifests.manifest(Map.of(), List.of(Manifests.output(0, 0)), Manifests.CPU, metadata);

    byte[] bytes = ManifestCodec.write(manifest);

    assertThat(CODEC.read(bytes)).isEqualTo(manifest);
    assertThat(new String(bytes, UTF_8)).contains("\"price\":1.10").contains("[null,true]");
  }

  @Test
  void aGpuHasAComputeCapability() throws DamagedManifest {
    Fingerprint.Device gpu =
        new Fingerprint.Device(
            "1.28.0", "cuda", Map.of(), "H100", "9.0", 1, "float16", "all", "repeatable", "8");
    Manifest manifest =
        Manifests.manifest(Map.of(), List.of(Manifests.output(0, 0)), gpu, Map.of());

    assertThat(CODEC.read(ManifestCodec.write(manifest))).isEqualTo(manifest);
    assertThat(text(Manifests.SAMPLE)).doesNotContain("compute_capability");
  }

  @Test
  void fieldsOfTheContractComeInItsOrder() {
    assertThat(Schemas.tree(ManifestCodec.write(Manifests.SAMPLE)).properties())
        .extracting(Map.Entry::getKey)
        .containsExactly(
            "request_id",
            "request_sha256",
            "request",
            "outputs",
            "inputs",
            "stages",
            "timings_ms",
            "steps",
            "model_evaluations",
            "attempts",
            "warnings",
            "metadata");
    assertThat(text(Manifests.SAMPLE))
        .contains("\"provider_options\":{\"memory_pattern\":\"off\",\"session.intra")
        .contains("\"index\":0,\"seed\":7,\"uri\"")
        .contains("\"index\":1,\"seed\":\"18446744073709551615\",\"uri\"");
  }

  @Test
  void fieldsOfALaterVersionAreIgnored() throws DamagedManifest {
    String later =
        text(Manifests.SAMPLE)
            .replaceFirst("\\{", "{\"colours\":[1,{\"a\":2}],")
            .replace("\"threads\"", "\"cores\":{},\"threads\"")
            .replace("\"media_type\"", "\"frames\":1,\"media_type\"");

    assertThat(CODEC.read(later.getBytes(UTF_8))).isEqualTo(Manifests.SAMPLE);
  }

  @Test
  void aSoundHasAShapeAndNoSize() throws DamagedManifest {
    Manifest.OutputFile sound =
        new Manifest.OutputFile(
            0,
            7,
            "s3://abc/r-1/0-0.wav",
            "audio/wav",
            List.of(2, 44_100),
            Optional.empty(),
            1,
            Manifests.SHA,
            Manifests.SHA,
            Optional.empty());
    Manifest manifest = Manifests.manifest(Map.of(), List.of(sound), Manifests.CPU, Map.of());

    byte[] bytes = ManifestCodec.write(manifest);

    assertThat(CODEC.read(bytes)).isEqualTo(manifest);
    assertThat(new String(bytes, UTF_8))
        .contains("\"shape\":[2,44100],\"bytes\"")
        .doesNotContain("width", "height");
  }

  @Test
  void aCascadeHasAFingerprintPerStage() throws DamagedManifest {
    Fingerprint.Device gpu =
        new Fingerprint.Device(
            "1.28.0", "cuda", Map.of(), "H100", "9.0", 1, "float16", "all", "repeatable", "8");
    Manifest one = Manifests.SAMPLE;
    Manifest cascade =
        new Manifest(
            one.requestId(),
            one.requestSha256(),
            one.request(),
            one.outputs(),
            one.inputs(),
            List.of(Manifests.stage("emoji-64", Manifests.CPU), Manifests.stage("emoji-sr4", gpu)),
            one.timings(),
            one.steps(),
            one.modelEvaluations(),
            one.attempts(),
            one.warnings(),
            one.metadata(),
            Optional.of(new Attestation("a/b", "cGF5", "key", "c2ln")));

    assertThat(CODEC.read(ManifestCodec.write(cascade))).isEqualTo(cascade);
  }

  @Test
  void aManifestOfAnEarlierWorkerIsRead() throws DamagedManifest, IOException {
    byte[] stored = resource("/manifests/without-stages.json");

    Manifest manifest = CODEC.read(stored);

    assertThat(manifest.stages()).hasSize(1);
    assertThat(manifest.stages().get(0).model()).isEqualTo("emoji-64");
    assertThat(manifest.fingerprints().get(0).packageSha256()).startsWith("0a1b2c3d");
    assertThat(manifest.fingerprints().get(0).exact()).isTrue();
    assertThat(manifest.outputs().get(0).shape()).isEmpty();
    assertThat(manifest.outputs().get(0).size()).contains(new Size(64, 64));
    Schemas.assertValid("render-completed", ManifestCodec.write(manifest));
    assertThat(CODEC.read(ManifestCodec.write(manifest))).isEqualTo(manifest);
  }

  @Test
  void readsThePlanDigestNextToTheFingerprint() throws DamagedManifest {
    String stored = text(Manifests.SAMPLE);
    String plan = "\"plan_sha256\":\"" + Manifests.SHA + "\",";
    String earlier =
        stored.replace(plan, "").replace("\"fingerprint\":", plan + "\"fingerprint\":");

    assertThat(earlier).isNotEqualTo(stored);
    assertThat(CODEC.read(earlier.getBytes(UTF_8))).isEqualTo(Manifests.SAMPLE);
  }

  @Test
  void anOutputOfAStageNeedsAShape() {
    String output =
        "\"outputs\":[{\"index\":0,\"seed\":7,\"uri\":\"s3://abc/r-1/0-0.png\",\"media_type\":\"image/png\","
            + "\"bytes\":1,\"sha256\":\"%1$s\",\"pixels_sha256\":\"%1$s\"}],"
                .formatted(Manifests.SHA);

    assertDamaged(
        text(Manifests.SAMPLE).replaceFirst("\"fingerprint\"", output + "\"fingerprint\""),
        "manifest: /stages/0/outputs/0/shape: is required");
  }

  @Test
  void anEarlierManifestWithoutItsModelIsRefusedByName() throws IOException {
    String stored = new String(resource("/manifests/without-stages.json"), UTF_8);

    assertDamaged(
        stored.replaceFirst("\"model\": \"[^\"]*\",", ""),
        "manifest: /stages/0/model: must have at least 1 characters");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream = ManifestCodecTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    }
  }

  @Test
  void aDamagedManifestIsRefusedAndTheFirstFaultNamed() {
    String whole = text(Manifests.SAMPLE);

    assertDamaged(whole.substring(0, 100), "manifest: is not JSON: ends too early");
    assertDamaged("", "manifest: is empty");
    assertDamaged("[]", "manifest: must be an object, is an array");
    assertDamaged("{}", "manifest: /attempts: is required, and 9 more");
    assertDamaged(
        whole.replace("\"seed\":7,\"uri\"", "\"seed\":-7,\"uri\""),
        "manifest: /outputs/0/seed: must be an integer from 0 to 2^64-1");
    assertDamaged(
        whole.replaceFirst("\"pixels_sha256\":\"0", "\"pixels_sha256\":\"g"),
        "manifest: /outputs/0/pixels_sha256: must be a SHA-256 in 64 hexadecimal digits");
    assertDamaged(
        whole.replace("\"threads\":2", "\"threads\":2147483648"),
        "manifest: /stages/0/fingerprint/threads: must be 0 to 2147483647, is 2147483648");
    assertDamaged(
        whole.replace("\"steps\":20", "\"steps\":1e999"),
        "manifest: /steps: must be within the range of a double");
  }

  /** The lowest 64 bits of these numbers are within the bounds. */
  @ParameterizedTest
  @ValueSource(
      strings = {"1e70", "-1e70", "1e300", "18446744073709551616e0", "1.8446744073709551617e19"})
  void anIntegerBeyond64BitsIsRefused(String number) {
    String stored = text(Manifests.SAMPLE);
    for (String name : List.of("index", "width", "bytes", "threads", "steps", "attempts")) {
      assertDamaged(
          stored.replaceFirst("\"" + name + "\":[0-9]+", "\"" + name + "\":" + number),
          "manifest: /");
    }
  }

  @Property(tries = 1000)
  void changedBytesGiveAManifestOrTheNamedException(
      @ForAll @IntRange(min = 0, max = 100_000) int at, @ForAll byte value) {
    byte[] bytes = ManifestCodec.write(Manifests.SAMPLE);
    bytes[at % bytes.length] = value;
    try {
      assertThat(CODEC.read(bytes)).isNotNull();
    } catch (DamagedManifest e) {
      assertThat(e).hasMessageStartingWith("manifest: ");
    }
  }

  private static void assertDamaged(String text, String message) {
    assertThatThrownBy(() -> CODEC.read(text.getBytes(UTF_8)))
        .isInstanceOf(DamagedManifest.class)
        .hasMessageStartingWith(message);
  }

  private static String text(Manifest manifest) {
    return new String(ManifestCodec.write(manifest), UTF_8);
  }
}
