package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownKeysTest {
  private static final String SAID = ": unknown key, has no effect";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DARKROOM_MODELS",
        "DARKROOM_MODELS_0_",
        "DARKROOM_ENGINE_ROWS_PER_CALL",
        "DARKROOM_ENGINE_ROWS_BY_MODEL_MINE",
        "DARKROOM_DEVICE_OPTIONS_GPU_MEM_LIMIT",
        "DARKROOM_OUTPUT_BUCKETS_0_",
        "DARKROOM_S3_ACCESS_KEY_ID",
        "DARKROOM_LOG_JSON",
        "DARKROOM_MODELS_ON_DEMAND_BUCKETS_0_"
      })
  void variablesOfKeysAreKnown(String variable) {
    assertThat(UnknownKeys.of(List.of(variable), List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "darkroom.models",
        "darkroom.models[0]",
        "darkroom.engine.rows-by-model.mine",
        "darkroom.device.tf32",
        "darkroom.s3.path-style",
        "darkroom.models-on-demand.buckets[0]"
      })
  void propertiesOfKeysAreKnown(String property) {
    assertThat(UnknownKeys.of(List.of(), List.of(property))).isEmpty();
  }

  @Test
  void mistypedKeysAreNamed() {
    assertThat(
            UnknownKeys.of(
                List.of("DARKROOM_ENGINE_SLOT", "DARKROOM_S3_ENDPOINTS", "PATH"),
                List.of("darkroom.engine", "darkroom.s3.pathstyle", "darkrooms", "user.dir")))
        .containsExactly(
            "DARKROOM_ENGINE_SLOT" + SAID,
            "DARKROOM_S3_ENDPOINTS" + SAID,
            "darkroom.engine" + SAID,
            "darkroom.s3.pathstyle" + SAID);
  }

  @Test
  void variablesThatKubernetesSetsAreAccepted() {
    assertThat(
            UnknownKeys.of(
                List.of(
                    "DARKROOM_SERVICE_HOST",
                    "DARKROOM_SERVICE_PORT_HTTP",
                    "DARKROOM_PORT",
                    "DARKROOM_PORT_8080_TCP",
                    "DARKROOM_PORT_8080_TCP_ADDR",
                    "DARKROOM_WORKER_SERVICE_PORT"),
                List.of()))
        .isEmpty();
  }
}
