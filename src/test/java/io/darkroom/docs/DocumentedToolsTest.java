package io.darkroom.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.darkroom.LocalKafka;
import io.darkroom.attest.Keys;
import io.darkroom.kafka.Topics;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the pages that use other programs, where those are installed. */
class DocumentedToolsTest {
  @TempDir Path folder;

  @Test
  void opensslMakesAPairOfKeysThatSignAndVerify() throws Exception {
    List<String> commands = commands("openssl");
    assertThat(commands).hasSize(2);
    for (String command : commands) {
      run(command);
    }
    byte[] message = {1, 2, 3};
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(Keys.privateKey(folder.resolve("signing-key.pem")));
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(Keys.publicKey(folder.resolve("signing-key.pub.pem")));
    signature.update(message);
    assertThat(signature.verify(signed)).isTrue();
  }

  @Test
  void kcatPublishesARequestOfSeveralLinesAndReadsEvents() throws Exception {
    List<String> commands = commands("kcat");
    assertThat(commands).hasSize(2);
    String request = "{\n  \"id\": \"one\"\n}\n";
    Files.writeString(folder.resolve("request.json"), request);
    try (LocalKafka kafka = new LocalKafka(folder.resolve("kafka"), 0);
        Topics topics = new Topics(kafka.bootstrapServers())) {
      kafka.createTopics(List.of("darkroom.requests", "darkroom.events"), 1);
      topics.publish("darkroom.events", 0, "one", "{\"kind\": \"completed\"}", Map.of());

      run(commands.get(0).replace("localhost:9092", kafka.bootstrapServers()));
      String events = run(commands.get(1).replace("localhost:9092", kafka.bootstrapServers()));

      assertThat(events).contains("completed");
      assertThat(topics.all("darkroom.requests").values())
          .singleElement()
          .satisfies(
              records -> {
                assertThat(records).hasSize(1);
                assertThat(new String(records.get(0).value(), StandardCharsets.UTF_8))
                    .isEqualTo(request);
              });
    }
  }

  /** The commands of the pages that begin with a program; skips the test if it is not installed. */
  private static List<String> commands(String program) throws IOException {
    String path = System.getenv("PATH");
    assumeTrue(
        Arrays.stream(path.split(File.pathSeparator))
            .anyMatch(each -> Files.isExecutable(Path.of(each, program))),
        program + " is not installed");
    return Page.documentation().stream()
        .flatMap(page -> page.blocks().stream())
        .filter(block -> block.language().equals("sh"))
        .flatMap(block -> block.text().lines())
        .filter(line -> line.startsWith(program + " "))
        .toList();
  }

  private String run(String command) throws IOException, InterruptedException {
    File errors = folder.resolve("errors.txt").toFile();
    Process process =
        new ProcessBuilder(Stream.of(command.split(" ")).toList())
            .directory(folder.toFile())
            .redirectError(errors)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors.toPath())).isZero();
    return output;
  }
}
