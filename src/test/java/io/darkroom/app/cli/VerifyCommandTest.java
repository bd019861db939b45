package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Manifests, pictures and bundles that were changed by hand. */
class VerifyCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path MODEL = Path.of("src/main/models/emoji-32");

  private final Properties before = (Properties) System.getProperties().clone();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path folder;
  private Path renders;
  private Path manifest;
  private Path publicKey;

  @BeforeEach
  void render() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path key = pem("key.pem", "PRIVATE KEY", pair.getPrivate().getEncoded());
    publicKey = pem("key.pub.pem", "PUBLIC KEY", pair.getPublic().getEncoded());
    System.setProperty("darkroom.signing.key-file", key.toString());
    renders = folder.resolve("renders");
    manifest = renders.resolve("pictures/a/manifest.json");
    assertThat(run("render", "--models", MODEL, "-o", renders, request("a", 2), request("b", 1)))
        .as(err.toString())
        .isZero();
    out.getBuffer().setLength(0);
  }

  @AfterEach
  void restoreProperties() {
    System.setProperties(before);
  }

  private Path request(String id, int images) throws IOException {
    String json =
        """
        {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": 7,
         "num_inference_steps": 2, "num_images": %d}
        """;
    return Files.writeString(folder.resolve(id + ".json"), json.formatted(id, images));
  }

  private Path pem(String name, String label, byte[] der) throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(label, Base64.getEncoder().encodeToString(der), label);
    return Files.writeString(folder.resolve(name), text, StandardCharsets.US_ASCII);
  }

  private int run(Object... args) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
  }

  /** Verifies the manifest of the request a after a change; returns what is printed. */
  private String verify(Consumer<ObjectNode> change) throws IOException {
    ObjectNode tree = (ObjectNode) JSON.readTree(manifest.toFile());
    change.accept(tree);
    Path changed = folder.resolve("changed.json");
    Files.write(changed, JSON.writeValueAsBytes(tree));
    out.getBuffer().setLength(0);
    int status = run("verify", "--store", renders, changed);
    String printed = out.toString();
    assertThat(status).as(printed).isEqualTo(printed.contains("NOT GOOD") ? 1 : 0);
    return printed;
  }

  private static ObjectNode output(ObjectNode tree, int index) {
    return (ObjectNode) tree.withArray("outputs").get(index);
  }

  @Test
  void aManifestIsVerifiedWithItsSignature() throws IOException {
    assertThat(verify(tree -> {})).contains("changed.json: good");
    assertThat(run("verify", "--store", renders, "--public-key", publicKey, manifest)).isZero();
  }

  @Test
  void statementsThatContradictTheRequestAreNamed() throws IOException {
    assertThat(verify(tree -> tree.put("request_id", "other"))).contains("request_id: must be a");
    assertThat(verify(tree -> output(tree, 1).put("seed", 9)))
        .contains("outputs/1/seed: must be 8");
    assertThat(verify(tree -> output(tree, 1).put("index", 0))).contains("outputs/1/index");
    assertThat(verify(tree -> tree.withArray("outputs").remove(1))).contains("outputs: must be 2");
    assertThat(verify(tree -> ((ObjectNode) tree.path("request")).put("model", "emoji-64")))
        .contains("stages/0/model: must be emoji-64");
    assertThat(verify(tree -> ((ObjectNode) tree.path("request")).put("guidance_scale", 9)))
        .contains("its request is not that of the manifest");
  }

  @Test
  void statementsThatContradictTheFilesAreNamed() throws IOException {
    assertThat(verify(tree -> output(tree, 0).put("bytes", 99))).contains("must have 99 bytes");
    assertThat(verify(tree -> output(tree, 0).put("pixels_sha256", "0".repeat(64))))
        .contains("pixels_sha256 must be 0000");
    JsonNode other = JSON.readTree(renders.resolve("pictures/b/manifest.json").toFile());
    ObjectNode picture = (ObjectNode) other.path("outputs").get(0);
    assertThat(
            verify(
                tree -> {
                  ArrayNode outputs = tree.withArray("outputs");
                  outputs.set(0, picture);
                }))
        .contains("its request is not that of the manifest");
  }

  @Test
  void aPictureAloneIsDecodedAndHasNoSignature() throws IOException {
    Path picture = ReplayCommandTest.only(renders.resolve("pictures/b"), ".png");
    assertThat(run("verify", "--store", renders, picture)).isZero();
    assertThat(run("verify", "--store", renders, "--public-key", publicKey, picture)).isEqualTo(1);
    assertThat(out.toString()).contains("an image has no signature; give its manifest");

    byte[] file = Files.readAllBytes(picture);
    int data = new String(file, StandardCharsets.ISO_8859_1).indexOf("IDAT");
    file[data + 10] ^= 1;
    Files.write(picture, file);
    assertThat(run("verify", "--store", renders, picture)).isEqualTo(1);
  }

  @Test
  void aFileThatCannotBeReadDoesNotHideTheOthers() throws IOException {
    Path missing = folder.resolve("missing.json");

    assertThat(run("verify", "--store", renders, missing, manifest)).isEqualTo(1);
    assertThat(out.toString()).contains("missing.json: NOT GOOD", "manifest.json: good");
  }

  @Test
  void aBundleIsNotWrittenOverAFolderNorWithAChangedObject() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken"));
    assertThat(run("bundle", "--store", renders, "-o", taken, manifest)).isEqualTo(1);
    assertThat(taken).isDirectory();

    Path picture = ReplayCommandTest.only(renders.resolve("pictures/b"), ".png");
    Files.write(picture, new byte[] {1, 2, 3});
    Path file = folder.resolve("b.zip");
    assertThat(run("bundle", "--store", renders, "-o", file, renders.resolve("pictures/b")))
        .isEqualTo(1);
    assertThat(err.toString()).contains("was changed: its sha256 is not the recorded one");
    assertThat(file).doesNotExist();
  }

  @Test
  void fingerprintsSayWhetherThisWorkerGivesTheSamePixels() throws IOException {
    Path picture = ReplayCommandTest.only(renders.resolve("pictures/b"), ".png");
    Object[] verify = {"verify", "--worker", "--store", renders, manifest, picture, "--models"};

    assertThat(run(with(verify, MODEL))).as(out + "" + err).isZero();
    assertThat(out.toString().split("has the same fingerprint, so it gives", -1)).hasSize(3);
    assertThat(run(with(verify, MODEL, "--threads", "2"))).isEqualTo(1);
    assertThat(out.toString())
        .contains("this worker: has another fingerprint, so it may give other pixels")
        .contains("/stages/0/fingerprint/threads: was 1, is 2");
    assertThat(run(with(verify, MODEL.resolveSibling("emoji-sr4")))).isEqualTo(1);
    assertThat(out.toString()).contains("/stages/0/model: emoji-32 is not here");
    assertThat(run(with(verify, MODEL, "--tier", "repeatable"))).isEqualTo(1);
    assertThat(out.toString()).contains("/determinism_tier: was exact, is repeatable");
  }

  @Test
  void theStageThatMadeAPictureIsCompared() throws IOException {
    String cascade =
        """
        {"id": "cascade", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": 3,
         "num_inference_steps": 2, "output": {"keep_intermediate": true},
         "then": [{"kind": "upscale", "model": "emoji-sr4", "num_inference_steps": 2}]}
        """;
    Path request = Files.writeString(folder.resolve("cascade.json"), cascade);
    Path both = MODEL.getParent();
    Path to = folder.resolve("cascade");
    assertThat(run("render", "--models", both, "-o", to, request)).as(err.toString()).isZero();
    Path last = ReplayCommandTest.only(to.resolve("pictures/cascade"), ".png");
    Path first = ReplayCommandTest.only(to.resolve("pictures/cascade/stage-0"), ".png");
    Object[] verify = {"verify", "--worker", "--store", to, last, first, "--models"};

    assertThat(run(with(verify, both))).as(out.toString()).isZero();
    assertThat(out.toString()).contains("its manifest has those of the other stages");
    assertThat(run(with(verify, MODEL.resolveSibling("emoji-sr4")))).isEqualTo(1);
    assertThat(out.toString()).contains("/stages/0/model: emoji-32 is not here");
  }

  @Test
  void typesAndNumbersOfFilesAreChecked() throws IOException {
    assertThat(verify(tree -> output(tree, 0).put("media_type", "image/jpeg")))
        .contains("outputs/0/media_type: must be image/png", "not a file of the type image/jpeg");
    assertThat(verify(tree -> output(tree, 0).put("width", 64))).contains("height and width are");
    String tensor =
        """
        {"id": "tensor", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": 7,
         "num_inference_steps": 2, "output": {"format": "npy"}}
        """;
    Path request = Files.writeString(folder.resolve("tensor.json"), tensor);
    assertThat(run("render", "--models", MODEL, "-o", renders, request)).isZero();
    manifest = renders.resolve("pictures/tensor/manifest.json");

    assertThat(verify(tree -> {})).contains("changed.json: good");
    assertThat(verify(tree -> output(tree, 0).put("pixels_sha256", "0".repeat(64))))
        .contains("pixels_sha256 must be 0000");
    Path npy = ReplayCommandTest.only(renders.resolve("pictures/tensor"), ".npy");
    assertThat(run("verify", "--store", renders, npy)).isEqualTo(1);
    assertThat(out.toString()).contains("is a npy file: give its manifest instead");
  }

  private static Object[] with(Object[] arguments, Object... more) {
    return Stream.of(arguments, more).flatMap(Stream::of).toArray();
  }

  @Test
  void aPackageInABundleMustBeThatOfTheRenders() throws IOException {
    Path bundle = folder.resolve("a.zip");
    Object[] write = {"bundle", "--packages", "--store", renders, "-o", bundle, manifest};
    assertThat(run(with(write, "--models", MODEL))).as(err.toString()).isZero();
    assertThat(run("verify", bundle)).as(out.toString()).isZero();

    String labels = Files.readString(MODEL.resolve("labels.json"));
    rewrite(bundle, "models/emoji-32/labels.json", labels.replace("fox-face", "fox"));
    assertThat(run("verify", bundle)).isEqualTo(1);
    assertThat(out.toString()).contains("models/emoji-32: package_sha256 must be ");
    assertThat(run("verify", bundle, "--render", "-o", folder.resolve("again"))).isEqualTo(1);
    assertThat(out.toString()).contains("/stages/0/fingerprint/package_sha256: was ");
    rewrite(bundle, "models/emoji-32/scheduler/scheduler_config.json", "no JSON");
    assertThat(run("verify", bundle)).isEqualTo(1);
    assertThat(out.toString()).contains("models/emoji-32: is missing or broken");
  }

  private static void rewrite(Path zip, String entry, String content) throws IOException {
    try (FileSystem files = FileSystems.newFileSystem(zip)) {
      Files.writeString(files.getPath(entry), content);
    }
  }
}
