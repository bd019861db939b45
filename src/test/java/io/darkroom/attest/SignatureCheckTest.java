package io.darkroom.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.job.Attestation;
import io.darkroom.job.Manifest;
import io.darkroom.json.ManifestCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignatureCheckTest {
  @TempDir Path folder;
  private KeyPair pair;
  private Manifest signed;

  @BeforeEach
  void sign() throws Exception {
    pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path file = pem("key.pem", "PRIVATE KEY", pair.getPrivate().getEncoded());
    Manifest manifest = new ManifestCodec().read(example("completed"));
    signed = new KeySigner(() -> Keys.privateKey(file), "fleet-1").sign(manifest);
  }

  @Test
  void aSignatureProvesAManifestThatWasStoredAndRead() throws Exception {
    Manifest read = new ManifestCodec().read(ManifestCodec.write(signed));

    assertThat(check(pair).problem(signed)).isEmpty();
    assertThat(check(pair).problem(read)).isEmpty();
    assertThat(read.attestation()).isEqualTo(signed.attestation());
  }

  /** Earlier workers signed the digest of the plan next to the fingerprint. */
  @Test
  void aSignatureOfAnEarlierWorkerIsValid() throws Exception {
    String plan =
        "\"plan_sha256\":\""
            + signed.stages().get(0).fingerprint().planSha256().orElseThrow()
            + "\",";
    String statement = new String(ManifestCodec.statement(signed), StandardCharsets.UTF_8);
    String earlier =
        statement.replace(plan, "").replace("\"fingerprint\":", plan + "\"fingerprint\":");
    assertThat(earlier).isNotEqualTo(statement);
    byte[] payload = earlier.getBytes(StandardCharsets.UTF_8);
    Manifest manifest =
        signed.withAttestation(Envelope.sign(payload, "fleet-1", pair.getPrivate()));

    assertThat(check(pair).problem(manifest)).isEmpty();
    byte[] changed = earlier.replace(plan, "").getBytes(StandardCharsets.UTF_8);
    assertThat(
            check(pair)
                .problem(
                    signed.withAttestation(Envelope.sign(changed, "fleet-1", pair.getPrivate()))))
        .contains("signature: valid for another manifest; this manifest was changed");
  }

  @Test
  void aChangedOutputIsNotProven() throws Exception {
    String text = new String(ManifestCodec.write(signed), StandardCharsets.UTF_8);
    String digest = signed.outputs().get(0).sha256();
    String changed = text.replace(digest, "f".repeat(64));

    assertThat(
            check(pair).problem(new ManifestCodec().read(changed.getBytes(StandardCharsets.UTF_8))))
        .contains("signature: valid for another manifest; this manifest was changed");
  }

  @Test
  void aChangedStatementAnotherKeyAndNoSignatureAreNamed() throws Exception {
    Attestation good = signed.attestation().orElseThrow();
    byte[] payload = Base64.getDecoder().decode(good.payload());
    payload[20] ^= 1;
    Attestation other =
        new Attestation(
            good.payloadType(),
            Base64.getEncoder().encodeToString(payload),
            good.keyId(),
            good.signature());
    KeyPair stranger = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    String untrusted = "signature: not made with a trusted key, or changed; its key_id is fleet-1";

    assertThat(check(pair).problem(signed.withAttestation(other))).contains(untrusted);
    assertThat(check(stranger).problem(signed)).contains(untrusted);
    assertThat(check(pair).problem(new ManifestCodec().read(example("completed"))))
        .contains("signature: missing");
  }

  @Test
  void onlyEd25519KeysInPemFilesAreRead() throws Exception {
    Path publicKey = pem("public.pem", "PUBLIC KEY", pair.getPublic().getEncoded());
    KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    Path wrong = pem("rsa.pem", "PRIVATE KEY", rsa.getPrivate().getEncoded());

    assertThat(Keys.publicKey(publicKey)).isEqualTo(pair.getPublic());
    assertThatThrownBy(() -> Keys.privateKey(publicKey))
        .hasMessage(publicKey + ": must be a PEM file with a PRIVATE KEY");
    assertThatThrownBy(() -> Keys.privateKey(wrong))
        .hasMessage(wrong + ": must be an Ed25519 private key");
  }

  private static SignatureCheck check(KeyPair pair) {
    return new SignatureCheck(List.of(pair.getPublic()));
  }

  private static byte[] example(String name) throws IOException {
    return Files.readAllBytes(Path.of("schemas/examples/events", name + ".json"));
  }

  private Path pem(String name, String label, byte[] der) throws IOException {
    String text =
        "-----BEGIN "
            + label
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + label
            + "-----\n";
    return Files.writeString(folder.resolve(name), text);
  }
}
