package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One render was signed with an old key, which was in a file, and one with a new key, which was a
 * value of the configuration.
 */
class VerifyKeysTest {
  private static final String FILE = "darkroom.signing.key-file";
  private static final String VALUE = "darkroom.signing.key";
  private static final Object[] MODELS = {"--models", ProofBench.EMOJI};
  private static final Properties BEFORE = (Properties) System.getProperties().clone();

  @TempDir static Path shared;
  private static Path renders;
  private static Path oldManifest;
  private static Path newManifest;
  private static Path oldKey;
  private static Path newKey;
  private static Path stranger;
  private static String newPrivate;

  private final ProofBench bench = new ProofBench();
  @TempDir Path folder;

  @BeforeAll
  static void render() throws Exception {
    renders = shared.resolve("renders");
    KeyPair old = keys();
    oldKey = pem("old.pub.pem", "PUBLIC KEY", old.getPublic().getEncoded());
    Path file = pem("old.pem", "PRIVATE KEY", old.getPrivate().getEncoded());
    System.setProperty(FILE, file.toString());
    new ProofBench().render(renders, shared, MODELS, request("old"));
    System.clearProperty(FILE);

    KeyPair fresh = keys();
    newKey = pem("new.pub.pem", "PUBLIC KEY", fresh.getPublic().getEncoded());
    newPrivate = Files.readString(pem("new.pem", "PRIVATE KEY", fresh.getPrivate().getEncoded()));
    System.setProperty(VALUE, newPrivate);
    System.setProperty("darkroom.signing.key-id", "new");
    new ProofBench().render(renders, shared, MODELS, request("new"));
    stranger = pem("stranger.pub.pem", "PUBLIC KEY", keys().getPublic().getEncoded());
    oldManifest = renders.resolve("pictures/old/manifest.json");
    newManifest = renders.resolve("pictures/new/manifest.json");
  }

  @BeforeEach
  void withoutKeys() {
    restoreProperties();
  }

  @AfterAll
  static void restoreProperties() {
    System.setProperties((Properties) BEFORE.clone());
  }

  private static KeyPair keys() throws Exception {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static Path pem(String name, String label, byte[] der) throws IOException {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(label, Base64.getEncoder().encodeToString(der), label);
    return Files.writeString(shared.resolve(name), text, StandardCharsets.US_ASCII);
  }

  private static String request(String id) {
    return """
    {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": 7,
     "num_inference_steps": 1}
    """
        .formatted(id);
  }

  private int verify(Object... arguments) {
    return bench.run("verify", "--store", renders, arguments);
  }

  @Test
  void twoKeysAreTrustedWhileTheKeyChanges() throws IOException {
    assertThat(ProofBench.json(newManifest).toString()).contains("\"new\"");
    Object[] both = {"--public-key", oldKey, "--public-key", newKey};

    assertThat(verify(both, renders)).as(bench.all()).isZero();
    assertThat(bench.out().lines()).hasSize(2).allMatch(line -> line.endsWith(": good"));
    assertThat(verify("--public-key", newKey, renders)).isEqualTo(1);
    assertThat(bench.out())
        .contains("new/manifest.json: good", "old/manifest.json: NOT GOOD")
        .contains("signature: not made with a trusted key, or changed; its key_id is darkroom");
    assertThat(verify("--public-key", oldKey, renders)).isEqualTo(1);
    assertThat(bench.out()).contains("old/manifest.json: good", "its key_id is new");
    assertThat(verify("--public-key", stranger, renders)).isEqualTo(1);
    assertThat(bench.out()).doesNotContain(": good");
  }

  @Test
  void manifestsWithoutSignatureOrWithAChangedByteAreNamed() throws IOException {
    Path changed = folder.resolve("changed.json");
    Object[] check = {"--public-key", oldKey, changed};

    ProofBench.change(oldManifest, changed, tree -> tree.remove("attestation"));
    assertThat(verify(changed)).as(bench.all()).isZero();
    assertThat(verify(check)).isEqualTo(1);
    assertThat(bench.out()).endsWith("changed.json: NOT GOOD\n  signature: missing\n");

    ProofBench.change(oldManifest, changed, VerifyKeysTest::otherVersion);
    assertThat(verify(check)).isEqualTo(1);
    assertThat(bench.out())
        .contains("  signature: valid for another manifest; this manifest was changed\n");
  }

  private static void otherVersion(ObjectNode tree) {
    ((ObjectNode) tree.at("/stages/0/fingerprint")).put("worker_version", "0.0.1");
  }

  @Test
  void aKeyThatCannotBeReadIsAnInvalidArgument() throws IOException {
    Path missing = folder.resolve("missing.pem");
    Path text = Files.writeString(folder.resolve("text.pem"), "no key");

    assertThat(verify("--public-key", missing, renders)).isEqualTo(2);
    assertThat(bench.err().lines())
        .singleElement()
        .asString()
        .startsWith("darkroom: --public-key: " + missing + ": does not exist (");
    assertThat(verify("--public-key", text, renders)).isEqualTo(2);
    assertThat(bench.err().lines())
        .singleElement()
        .asString()
        .startsWith("darkroom: --public-key: " + text + ": must be a PEM file with a PUBLIC KEY (");
    assertThat(bench.out()).isEmpty();
  }

  @Test
  void aSigningKeyMayBeBase64AndMustBeOneUsableKey() throws IOException {
    Path request = Files.writeString(folder.resolve("one.json"), request("one"));
    Object[] render = {"render", MODELS, "-o", folder.resolve("out"), request};
    String base64 = newPrivate.lines().skip(1).findFirst().orElseThrow();

    System.setProperty(VALUE, base64);
    assertThat(bench.run(render)).as(bench.all()).isZero();
    Path signed = folder.resolve("out/pictures/one/manifest.json");
    Object[] verify = {"verify", "--store", folder.resolve("out"), signed};
    assertThat(bench.run(verify, "--public-key", newKey)).as(bench.all()).isZero();

    System.setProperty(VALUE, "c2VjcmV0");
    assertThat(bench.run(render)).isEqualTo(1);
    assertThat(errors())
        .isEqualTo("darkroom: darkroom.signing.key: must be an Ed25519 private key");
    System.setProperty(FILE, "missing.pem");
    assertThat(bench.run(render)).isEqualTo(1);
    assertThat(errors())
        .isEqualTo("darkroom: darkroom.signing: must have key-file or key, has both");
    System.clearProperty(VALUE);
    assertThat(bench.run(render)).isEqualTo(1);
    assertThat(errors())
        .isEqualTo("darkroom: darkroom.signing.key-file: missing.pem: does not exist");
  }

  private String errors() {
    return bench.err().strip();
  }
}
