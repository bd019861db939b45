package io.darkroom.json;

import static io.darkroom.json.Requests.CODEC;
import static io.darkroom.json.Requests.generate;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String REQUESTED = "io.darkroom.render.requested.v1";
  private static final String START =
      "{'specversion':'1.0','id':'e-1','source':'/shop','type':'io.darkroom.render.requested.v1'";

  @ParameterizedTest
  @ValueSource(strings = {"", "application/json", "application/json; charset=UTF-8", "text/plain"})
  void plainJsonAndTheBodyOfABinaryEventAreTheRequestItself(String contentType) {
    assertThat(read(generate(), contentType)).isEqualTo(Requests.valid(generate()));
  }

  @ParameterizedTest
  @ValueSource(strings = {STRUCTURED, "Application/CloudEvents+JSON ; charset=utf-8"})
  void aStructuredEventHasTheRequestAsItsData(String contentType) {
    String event = event(",'datacontenttype':'application/json','data':" + generate() + "}");

    assertThat(read(event, contentType)).isEqualTo(Requests.valid(generate()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "application/json"})
  void aStructuredEventWithoutItsContentTypeIsRefusedByName(String contentType) {
    String hint =
        "is a CloudEvent in structured mode without its content type: must have the record header"
            + " content-type: application/cloudevents+json";
    for (String data : new String[] {",'data':" + generate() + "}", ",'data_base64':'e30='}"}) {
      assertThat(read(event(data), contentType)).isEqualTo(new Decoded.Unreadable(hint));
    }
  }

  @Test
  void theDataCanBeInBase64() {
    String data = Base64.getEncoder().encodeToString(generate().getBytes(UTF_8));

    assertThat(read(event(",'data_base64':'" + data + "'}"), STRUCTURED))
        .isEqualTo(Requests.valid(generate()));
  }

  @Test
  void optionalAttributesCanBeMissing() {
    assertThat(read("{\"data\":" + generate() + "}", STRUCTURED))
        .isEqualTo(Requests.valid(generate()));
  }

  @Test
  void violationsPointIntoTheDataAndNotIntoTheEvent() {
    Decoded decoded = read(event(",'data':{'id':'a'}}"), STRUCTURED);

    assertThat(((Decoded.Invalid) decoded).violations())
        .extracting(violation -> violation.pointer())
        .containsExactly("/kind", "/model");
  }

  @Test
  void anEventWithoutARequestIsUnreadableWithAReason() {
    assertThat(reason(event("}"))).isEqualTo("CloudEvent: must have one of data and data_base64");
    assertThat(reason(event(",'data':{},'data_base64':''}")))
        .isEqualTo("CloudEvent: must have one of data and data_base64");
    assertThat(reason(event(",'data':'text'}")))
        .isEqualTo("CloudEvent: data must be an object, data_base64 text");
    assertThat(reason(event(",'data_base64':7}")))
        .isEqualTo("CloudEvent: data must be an object, data_base64 text");
    assertThat(reason(event(",'data_base64':'*'}")))
        .isEqualTo("CloudEvent: data_base64 is not base64");
    assertThat(reason(event(",'data_base64':'AAAA'}"))).startsWith("must be UTF-8");
    assertThat(reason(event(",'data':{}}").replace("requested", "completed")))
        .isEqualTo(
            "CloudEvent: type must be \"io.darkroom.render.requested.v1\","
                + " is \"io.darkroom.render.completed.v1\"");
    assertThat(reason(event(",'data':{}}").replace("1.0", "0.3")))
        .isEqualTo("CloudEvent: specversion must be \"1.0\", is \"0.3\"");
    assertThat(reason("[]")).isEqualTo("CloudEvent: must have one of data and data_base64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "application/json", "application/json; charset=UTF-8"})
  void aBinaryEventOfARequestIsRead(String contentType) {
    assertThat(binary(contentType, "1.0", REQUESTED)).isEqualTo(Requests.valid(generate()));
    assertThat(binary(contentType, "", REQUESTED)).isEqualTo(Requests.valid(generate()));
    assertThat(binary(contentType, "1.0", "")).isEqualTo(Requests.valid(generate()));
  }

  @Test
  void aBinaryEventOfAnotherTypeVersionOrContentTypeIsRefused() {
    String json = "application/json";

    assertThat(binary(json, "1.0", "io.darkroom.render.completed.v1"))
        .isEqualTo(
            new Decoded.Unreadable(
                "CloudEvent: ce_type must be \"io.darkroom.render.requested.v1\","
                    + " is \"io.darkroom.render.completed.v1\""));
    assertThat(binary(json, "0.3", REQUESTED))
        .isEqualTo(
            new Decoded.Unreadable("CloudEvent: ce_specversion must be \"1.0\", is \"0.3\""));
    for (String version : new String[] {"1.0", ""}) {
      assertThat(binary("application/xml", version, REQUESTED))
          .isEqualTo(
              new Decoded.Unreadable(
                  "CloudEvent: content-type must be application/json, is application/xml"));
    }
  }

  @Test
  void aStructuredEventWithDataOfAnotherContentTypeIsRefused() {
    String data = ",'data':" + generate() + "}";

    assertThat(reason(event(",'datacontenttype':'application/xml'" + data)))
        .isEqualTo("CloudEvent: datacontenttype must be application/json, is application/xml");
    assertThat(
            read(event(",'datacontenttype':'Application/JSON; charset=utf-8'" + data), STRUCTURED))
        .isEqualTo(Requests.valid(generate()));
  }

  @Test
  void headersOfABinaryEventDoNotAffectAStructuredOne() {
    byte[] event = event(",'data':" + generate() + "}").getBytes(UTF_8);

    assertThat(CODEC.read(event, new MessageHeaders(STRUCTURED, "1.0", "other")))
        .isEqualTo(Requests.valid(generate()));
  }

  private static Decoded binary(String contentType, String version, String type) {
    return CODEC.read(generate().getBytes(UTF_8), new MessageHeaders(contentType, version, type));
  }

  @Test
  void batchesAndOtherFormatsAreRefusedByName() {
    assertThat(((Decoded.Unreadable) read("[]", "application/cloudevents-batch+json")).reason())
        .isEqualTo(
            "content type: must be application/json or application/cloudevents+json,"
                + " is application/cloudevents-batch+json");
    assertThat(read("x", "application/cloudevents+avro")).isInstanceOf(Decoded.Unreadable.class);
  }

  private static String reason(String event) {
    return ((Decoded.Unreadable) read(event, STRUCTURED)).reason();
  }

  private static Decoded read(String body, String contentType) {
    return CODEC.read(body.getBytes(UTF_8), contentType);
  }

  private static String event(String end) {
    return (START + end).replace('\'', '"');
  }
}
