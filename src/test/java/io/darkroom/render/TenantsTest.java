package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.Tenant;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.Decoded;
import io.darkroom.json.MessageHeaders;
import io.darkroom.json.RequestCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TenantsTest {
  private final Tenants tenants = new Tenants(Map.of("paying", 3, "requests", 2));

  @Test
  void theHeaderOfTheRecordNamesTheTenant() {
    assertThat(tenants.of(delivery("paying"), request("{}"))).isEqualTo(new Tenant("paying", 3));
    assertThat(tenants.of(delivery("paying"), request("{\"tenant\": \"free\"}")))
        .isEqualTo(new Tenant("paying", 3));
  }

  @Test
  void theMetadataNamesTheTenantWithoutAHeader() {
    assertThat(tenants.of(delivery(null), request("{\"tenant\": \"free\"}")))
        .isEqualTo(new Tenant("free", 1));
  }

  @Test
  void requestsWithoutATenantUseTheirTopic() {
    Tenant topic = new Tenant("requests", 2);
    assertThat(tenants.of(delivery(null), request("{}"))).isEqualTo(topic);
    assertThat(tenants.of(delivery(" "), request("{}"))).isEqualTo(topic);
    assertThat(tenants.of(delivery("x".repeat(129)), request("{}"))).isEqualTo(topic);
    assertThat(tenants.of(delivery(null), request("{\"tenant\": 7}"))).isEqualTo(topic);
  }

  private static Delivery delivery(@Nullable String tenant) {
    return new Delivery(
        "requests/0/0",
        MessageHeaders.of("application/json"),
        new Bytes(new byte[0]),
        Instant.EPOCH,
        Instant.EPOCH,
        1,
        Map.of(),
        Optional.ofNullable(tenant),
        Lease.PERMANENT);
  }

  private static RenderRequest request(String metadata) {
    String json =
        "{\"id\": \"cat\", \"kind\": \"generate\", \"model\": \"m\", \"metadata\": "
            + metadata
            + "}";
    Decoded decoded =
        new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES)
            .read(json.getBytes(StandardCharsets.UTF_8), "application/json");
    return ((Decoded.Valid) decoded).request();
  }
}
