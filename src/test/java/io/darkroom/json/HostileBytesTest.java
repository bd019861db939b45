package io.darkroom.json;

import static io.darkroom.json.Requests.CODEC;
import static io.darkroom.json.Requests.generate;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Any bytes give a result. */
class HostileBytesTest {
  private static final String FULL =
      generate(
          "'prompt':'a','guidance_scale':2.5,'timesteps':[900,1.5],'seeds':['1',2],'num_images':2",
          "'scheduler':{'_class_name':'ddim','trained_betas':[0.1]},'eta':0,'width':8,'height':8",
          "'image':{'data':'AAAA'},'output':{'prefix':'s3://abc/','format':'png'}",
          "'metadata':{'deep':[{'a':null}]},'deadline':'2030-01-31T12:00:00Z'");
  private static final String TOKENS = "{}[]\",:0123456789.-+eEtrufalsn \\\u00e9\u0000";

  @Property(tries = 2000)
  void randomBytesGiveAResult(@ForAll byte[] bytes, @ForAll boolean structured) {
    assertThat(read(bytes, structured)).isNotNull();
  }

  @Property(tries = 3000)
  void aRequestWithChangedBytesGivesAResult(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 8) int changes) {
    byte[] bytes = FULL.getBytes(UTF_8);
    for (int i = 0; i < changes; i++) {
      char token = TOKENS.charAt(random.nextInt(TOKENS.length()));
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean() ? (byte) token : (byte) random.nextInt();
    }
    assertThat(read(bytes, false)).isNotNull();
  }

  @Property(tries = 1000)
  void aRequestWithAnyValueAnywhereGivesAResult(@ForAll Random random) {
    String[] values = {
      "null", "[]", "{}", "1e308", "-1", "1.5", "\"\"", "true", "[[[]]]", "\"s3://\""
    };
    String[] parts = FULL.split("(?<=:)|(?=[,}\\]])", -1);
    for (int i = 0; i < 3; i++) {
      parts[random.nextInt(parts.length)] = values[random.nextInt(values.length)];
    }
    assertThat(read(String.join("", parts).getBytes(UTF_8), false)).isNotNull();
  }

  @Property(tries = 500)
  void aTruncatedRequestIsUnreadable(@ForAll @IntRange(min = 0, max = 400) int length) {
    byte[] bytes = FULL.getBytes(UTF_8);
    byte[] start = Arrays.copyOf(bytes, Math.min(length, bytes.length - 1));

    assertThat(read(start, false)).isInstanceOf(Decoded.Unreadable.class);
  }

  @Property(tries = 300)
  void anyFieldNameGivesAResult(@ForAll @Size(max = 20) char[] name) {
    String text = TextNode.valueOf(new String(name)).toString();

    assertThat(Requests.read(generate().replace("\"id\"", text))).isNotNull();
  }

  @Property(tries = 1000)
  void reasonsDoNotQuoteTheParser(@ForAll @IntRange(min = 0) int at, @ForAll byte changed) {
    byte[] bytes = generate("'eta':0.5,'metadata':{'a':[1e3,null,true,'x\\\\n']}").getBytes(UTF_8);
    bytes[at % bytes.length] = changed;
    if (read(bytes, false) instanceof Decoded.Unreadable unreadable) {
      assertThat(unreadable.reason())
          .matches(
              "(is not JSON: (ends too early|has more than one value|unexpected text"
                  + "|has the field .* twice) \\(line \\d+, column \\d+\\))"
                  + "|must be UTF-8.*");
    }
  }

  @Test
  void otherEncodingsAreRefusedByName() {
    assertThat(reason(encoded("UTF-16LE"))).isEqualTo("must be UTF-8, is UTF-16 or UTF-32");
    assertThat(reason(encoded("UTF-16BE"))).isEqualTo("must be UTF-8, is UTF-16 or UTF-32");
    assertThat(reason(encoded("UTF-16"))).isEqualTo("must be UTF-8, is UTF-16 or UTF-32");
    assertThat(reason(encoded("UTF-32"))).isEqualTo("must be UTF-8, is UTF-16 or UTF-32");
    assertThat(reason(("\ufeff" + generate()).getBytes(UTF_8)))
        .isEqualTo("must be UTF-8 without a byte order mark, has one");
    assertThat(reason(generate("'prompt':'é'").getBytes(Charset.forName("ISO-8859-1"))))
        .matches("must be UTF-8, has a malformed character at byte \\d+");
  }

  @Test
  void textThatIsNotOneJsonValueIsUnreadableWithItsPosition() {
    assertThat(reason("")).isEqualTo("is empty");
    assertThat(reason(" \n")).isEqualTo("is empty");
    assertThat(reason(generate() + "{}"))
        .startsWith("is not JSON: has more than one value (line 1, column ");
    assertThat(reason("{\"id\":\"a\",\"id\":\"b\"}"))
        .isEqualTo("is not JSON: has the field id twice (line 1, column 15)");
    assertThat(reason("{'id':'a'}")).isEqualTo("is not JSON: unexpected text (line 1, column 2)");
    for (String word : new String[] {"NaN", "Infinity", "-Infinity"}) {
      assertThat(reason("{\"eta\":" + word + "}"))
          .startsWith(
              "is not JSON: NaN, Infinity and -Infinity are not numbers in JSON:"
                  + " write them as text, \"-Infinity\" (line 1, column ");
    }
    assertThat(reason("{\"a\":\"\t\"}")).startsWith("is not JSON: unexpected text (line 1, ");
    assertThat(reason("{\"a\":")).isEqualTo("is not JSON: ends too early (line 1, column 6)");
  }

  @Test
  void boundsOnLengthDepthNamesAndDigitsAreHeld() {
    assertThat(reason(generate("'prompt':'" + "x".repeat(1 << 20) + "'")))
        .matches("must be at most 1048576 bytes, is \\d+");
    String bounds =
        "must be at most 32 levels deep, with names of at most 256 and numbers of at most 100"
            + " characters";
    assertThat(reason("[".repeat(100_000))).startsWith(bounds);
    assertThat(reason("{\"" + "a".repeat(257) + "\":1}")).startsWith(bounds);
    assertThat(reason("{\"seed\":" + "9".repeat(101) + "}")).startsWith(bounds);
    assertThat(Requests.read("[".repeat(32) + "]".repeat(32))).isInstanceOf(Decoded.Invalid.class);
  }

  @Test
  void aCodecObeysItsLimit() {
    RequestCodec small = new RequestCodec(generate().length());

    assertThat(small.read(generate().getBytes(UTF_8), "")).isInstanceOf(Decoded.Valid.class);
    assertThat(small.read((generate() + " ").getBytes(UTF_8), ""))
        .isInstanceOf(Decoded.Unreadable.class);
  }

  @Test
  void numbersBeyondADoubleAreViolationsAndCostNothing() {
    for (String number :
        new String[] {
          "1e309",
          "-1e999999999",
          "1e-999999999",
          "0e999999999",
          "1.8e308",
          "1E+99999999999",
          "1.0e-2147483647",
          "0e99999999999",
          "-1e" + "9".repeat(97)
        }) {
      assertThat(
              Requests.violations(generate("'eta':" + number, "'metadata':{'a':[" + number + "]}")))
          .as(number)
          .containsExactly(
              "/eta: must be within the range of a double",
              "/metadata/a/0: must be within the range of a double");
    }
    assertThat(Requests.violations(generate("'metadata':{'a':[1.7e308,4.9e-324,0.0e-9,1e+0009]}")))
        .isEmpty();
  }

  @Test
  void sizesAreCheckedBeforeEntries() {
    String strings = "[''" + ",''".repeat(300_000) + "]";
    assertThat(Requests.violations(generate("'sigmas':" + strings, "'eta':2")))
        .containsExactly(
            "/eta: must be 0 to 1, is 2", "/sigmas: must have 1 to 1000 entries, has 300001");
    assertThat(
            Requests.violations(
                generate(
                    "'scheduler':{" + fields(65) + "}",
                    "'noise_schedule':{'betas':" + strings + "}")))
        .containsExactly(
            "/noise_schedule/betas: must have 1 to 1000 entries, has 300001",
            "/scheduler: must have at most 64 fields, has 65");
    assertThat(Requests.violations(generate("'scheduler':{'trained_betas':" + strings + "}")))
        .containsExactly("/scheduler/trained_betas: must have at most 1000 entries, has 300001");
  }

  @Test
  void theFirstViolationsAreListedAndTheOthersCounted() {
    assertThat(Requests.violations(generate(fields(80_000))))
        .hasSize(101)
        .endsWith(": has 79900 more violations");
    assertThat(
            Requests.violations(
                generate("'metadata':{'a':['\\ud800'" + ",'\\ud800'".repeat(80_000) + "]}")))
        .hasSize(101)
        .contains("/metadata/a/99: must be text, has half of a surrogate pair")
        .endsWith(": has 79901 more violations");
  }

  private static String fields(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'x" + i + "':0")
        .collect(Collectors.joining(","));
  }

  @Test
  void halvesOfSurrogatePairsAreViolations() {
    assertThat(Requests.violations(generate("'prompt':'a\\ud83d'", "'metadata':{'\\udc00':1}")))
        .containsExactly(
            "/metadata/?: must have a name of whole characters",
            "/prompt: must be text, has half of a surrogate pair");
  }

  private static byte[] encoded(String charset) {
    return generate().getBytes(Charset.forName(charset));
  }

  private static String reason(String text) {
    return reason(text.getBytes(UTF_8));
  }

  private static String reason(byte[] bytes) {
    return ((Decoded.Unreadable) read(bytes, false)).reason();
  }

  private static Decoded read(byte[] bytes, boolean structured) {
    return CODEC.read(bytes, structured ? "application/cloudevents+json" : "application/json");
  }
}
