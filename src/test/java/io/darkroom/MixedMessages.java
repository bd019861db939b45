package io.darkroom;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.darkroom.render.Bytes;
import java.util.Arrays;
import java.util.Random;

/**
 * Generates messages: a tenth can be rendered, a third conforms to the schema but is impossible,
 * the others are malformed.
 */
final class MixedMessages {
  private static final String[] SAMPLERS = {"ddim", "euler_a", "dpmpp_2m", "heun", "lcm"};
  private static final String[] IMPOSSIBLE = {
    "'model':'emoji-99'",
    "'model':'emoji-32@sha256:" + "0".repeat(64) + "'",
    "'model':'emoji-32','class_label':'ball','width':48,'height':48",
    "'model':'emoji-32','class_label':'no such thing'",
    "'model':'emoji-32','prompt':'a ball'",
    "'model':'emoji-32','class_label':1,'num_inference_steps':1000,'num_images':64",
    "'model':'emoji-32','class_label':1,'output':{'prefix':'s3://payroll/x/'}",
    "'model':'emoji-32','class_label':1,'output':{'format':'wav'}",
    "'model':'emoji-32','class_label':1,'deadline':'2020-01-01T00:00:00Z'",
    "'model':'emoji-32','class_label':1,'scheduler':{'_class_name':'no_such_sampler'}",
    "'model':'emoji-32','class_label':1,'scheduler':{'_class_name':'dpmpp_2m','solver_order':99}",
    "'model':'emoji-32','class_label':1,'sigmas':[1,2,3]"
  };
  private static final String[] IMPOSSIBLE_SOURCES = {
    "{'uri':'s3://darkroom/none.png'}", "{'uri':'s3://payroll/a.png'}", "{'data':'AAAA'}"
  };
  private static final String[] BROKEN_FIELDS = {
    "'num_inference_steps':0",
    "'seed':-1",
    "'eta':7,'colour':'red'",
    "'width':8",
    "'output':{'prefix':'s3://darkroom/../x/'}",
    "'prompt':'a\\u0000b'",
    "'deadline':'soon'",
    "'metadata':[[[]]]",
    "'class_label':1e999",
    "'seeds':[],'seed':1",
    "'image':{'data':'?'}"
  };

  private final Random random;

  MixedMessages(long seed) {
    random = new Random(seed);
  }

  /**
   * One message.
   *
   * @param id id of the request; empty if it cannot be read
   */
  record Message(String id, Bytes body, boolean rendered) {}

  Message message(int number) {
    String id = "mixed-" + number;
    if (number % 10 == 0) {
      return new Message(id, body(renderable(id)), true);
    }
    return switch (random.nextInt(27) / 10) {
      case 0 -> new Message(id, body(impossible(id)), false);
      case 1 -> new Message("", new Bytes(unreadable(id)), false);
      default ->
          new Message(id, body(request(id, "'model':'emoji-32'," + any(BROKEN_FIELDS))), false);
    };
  }

  private String renderable(String id) {
    String more =
        "'model':'emoji-32','class_label':%d,'seed':%d,'num_inference_steps':%d"
            + ",'scheduler':{'_class_name':'%s'}";
    int steps = 1 + random.nextInt(2);
    return request(
        id, more.formatted(random.nextInt(317), random.nextInt(1000), steps, any(SAMPLERS)));
  }

  private String impossible(String id) {
    if (random.nextInt(4) > 0) {
      return request(id, any(IMPOSSIBLE));
    }
    return "{'id':'%s','kind':'upscale','model':'emoji-sr4','image':%s}"
        .formatted(id, any(IMPOSSIBLE_SOURCES));
  }

  private byte[] unreadable(String id) {
    String whole = request(id, "'model':'emoji-32','class_label':1");
    return switch (random.nextInt(6)) {
      case 0 -> noise(1 + random.nextInt(2000));
      case 1 -> Arrays.copyOf(bytes(whole), random.nextInt(whole.length() - 1));
      case 2 -> bytes("[".repeat(random.nextInt(100_000) + 100));
      case 3 -> whole.replace('\'', '"').getBytes(UTF_16);
      case 4 -> bytes("{'prompt':'" + "x".repeat(300_000) + "'}");
      default -> bytes(whole + whole);
    };
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    bytes[0] = (byte) 0xff;
    return bytes;
  }

  private String any(String[] values) {
    return values[random.nextInt(values.length)];
  }

  private static String request(String id, String more) {
    return "{'id':'" + id + "','kind':'generate'," + more + "}";
  }

  private static Bytes body(String json) {
    return new Bytes(bytes(json));
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }
}
