package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private static String settings(Map<String, String> values) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(DarkroomConfig.class);
    values.forEach(builder::withDefaultValue);
    return Settings.of(builder.build().getConfigMapping(DarkroomConfig.class));
  }

  @Test
  void everyKeyIsListedWithItsDefault() {
    assertThat(settings(Map.of()))
        .contains(
            "darkroom.engine.rows-per-call=8 ",
            "darkroom.engine.ageing=PT30S ",
            "darkroom.kafka.in-flight=48 ",
            "darkroom.log.json=false ",
            "darkroom.memory.budget=\"\" ",
            "darkroom.models=[models] ",
            "darkroom.s3.endpoint=\"\" ",
            "darkroom.s3.secret-access-key=\"\" ")
        .doesNotContain("\n");
  }

  @Test
  void secretsAreMasked() {
    Map<String, String> secrets =
        Map.of(
            "darkroom.s3.access-key-id", "AKIA",
            "darkroom.s3.secret-access-key", "hush",
            "darkroom.s3.endpoint", "http://me:hush@store:9000");

    assertThat(settings(secrets))
        .contains(
            "darkroom.s3.secret-access-key=*** ",
            "darkroom.s3.endpoint=http://***@store:9000 ",
            "darkroom.s3.access-key-id=AKIA ")
        .doesNotContain("hush");
  }
}
