package io.darkroom.diffusion.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training schedules have the same tables as in diffusers. */
class SchedulesGoldenTest {

  /** One table of the golden numbers. */
  record Table(JsonNode json) {

    NoiseCurve curve() {
      JsonNode range = json.get("parameters");
      BetaSchedule schedule =
          Arrays.stream(BetaSchedule.values())
              .filter(each -> each.toString().equals(json.get("name").asText()))
              .findFirst()
              .orElseThrow();
      double start = range.path("beta_start").asDouble(0.0001);
      double end = range.path("beta_end").asDouble(0.02);
      NoiseCurve curve =
          NoiseCurve.of(schedule, start, end, json.get("num_train_timesteps").asInt());
      return rescaled() ? curve.rescaledToZeroSnr() : curve;
    }

    boolean rescaled() {
      return json.get("rescale_betas_zero_snr").asBoolean();
    }

    List<String> files() {
      return List.of(json.get("betas").asText(), json.get("alphas_cumprod").asText());
    }

    float[] array(String key) {
      return Golden.npy("schedules/" + json.get(key).asText()).floats();
    }

    /**
     * Returns the allowed difference: the logistic function of PyTorch and its square root before
     * rescaling are not correctly rounded; all other values are, or are computed in double.
     */
    boolean exact() {
      return !rescaled() && !json.get("name").asText().equals("sigmoid");
    }

    @Override
    public String toString() {
      return json.get("betas").asText();
    }
  }

  static Stream<Table> tables() {
    return StreamSupport.stream(Golden.json("schedules/index.json").spliterator(), false)
        .map(Table::new);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void betasEqualTheReference(Table table) {
    NoiseCurve curve = table.curve();
    float[] wanted = table.array("betas");
    for (int t = 0; t < wanted.length; t++) {
      // A rescaled beta is 1 minus a quotient of small levels, in which a root's last bit shows.
      float bound = table.exact() ? 0 : table.rescaled() ? 1e-5f : 2 * Math.ulp(wanted[t]);
      assertThat(Math.abs(curve.beta(t) - wanted[t])).as("beta %d", t).isLessThanOrEqualTo(bound);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void productsHaveTheSameBitsAsTheReference(Table table) {
    NoiseCurve curve = NoiseCurve.ofBetas(table.array("betas"));
    float[] wanted = table.array("alphas_cumprod");
    float[] got = new float[wanted.length];
    for (int t = 0; t < got.length; t++) {
      got[t] = curve.alphaCumprod(t);
    }
    assertThat(got).isEqualTo(wanted);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void theSignalIsZeroWhereTheReferenceHasZero(Table table) {
    NoiseCurve curve = table.curve();
    assertThat(curve.alphaCumprod(curve.steps() - 1) == 0).isEqualTo(table.rescaled());
    assertThat(List.of(curve.steps())).containsExactly(table.array("betas").length);
  }

  @Test
  void noTableIsLeftOut() throws IOException {
    Set<String> there;
    try (Stream<Path> files = Files.list(Golden.path("schedules"))) {
      there = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
    there.remove("index.json");
    Set<String> read = new HashSet<>();
    tables().forEach(table -> read.addAll(table.files()));
    assertThat(read).isEqualTo(there);
  }
}
