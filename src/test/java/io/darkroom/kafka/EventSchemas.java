package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Validates every event that a test reads with the schema of its type. */
final class EventSchemas {
  private static final Pattern TYPE = Pattern.compile("io\\.darkroom\\.render\\.(\\w+)\\.v1");
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private EventSchemas() {}

  /** Ignores records without a type of ours: dead letters have the bytes of other programs. */
  static void check(ConsumerRecord<byte[], byte[]> record) {
    Matcher type = TYPE.matcher(Topics.headers(record).getOrDefault("ce_type", ""));
    if (!type.matches() || record.topic().endsWith("dead-letters")) {
      return;
    }
    Schema schema = SCHEMAS.computeIfAbsent(type.group(1), EventSchemas::load);
    String data = new String(record.value(), StandardCharsets.UTF_8);
    assertThat(schema.validate(data, InputFormat.JSON)).as(data).isEmpty();
  }

  private static Schema load(String type) {
    return REGISTRY.getSchema(
        SchemaLocation.of("classpath:schemas/render-" + type + ".schema.json"));
  }
}
