package io.darkroom.json;

import static io.darkroom.json.Requests.generate;
import static io.darkroom.json.Requests.upscale;
import static io.darkroom.json.Requests.violations;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each bound of the request schema, with values just inside and just outside. A line contains a
 * field ({@code a.b} is field b of object a) and values; {@code <x*3>} means xxx, and # is the
 * index.
 */
class RequestBoundsTest {
  private static final String INSIDE =
      """
      id | 'a' | '7' | '<x*128>' | 'a.B_c:d-9'
      model | 'm' | '<x*128>' | 'a.b_c-d' | 'm@sha256:<0*64>'
      prompt | '' | '<x*8192>' | '<é*4096>' | null
      negative_prompt | '<x*8192>'
      prompt_2 | '<x*8192>'
      negative_prompt_2 | '<x*8192>'
      class_label | 'x' | '<x*128>' | 0 | 2147483647
      guidance_scale | -1000 | 1000 | 7.5 | 1e0
      guidance_rescale | 0 | 1 | 0.5
      num_inference_steps | 1 | 1000 | 20.0 | 2e1
      timesteps | [0] | [<1,*999>1] | [1000000,0.5]
      sigmas | [0] | [<1,*999>1] | [1000000,0.5]
      scheduler | {} | {<'k#':1,*63>'k':1} | {'_a1':'<x*128>'} | {'a':[<0.5,*999>1]} | {'a':['<x*128>',true]}
      scheduler | {'<a*64>':1} | {'a':null} | null
      scheduler._class_name | '<a*64>'
      eta | 0 | 1
      mu | -10 | 10
      order | 1 | 4 | 2.0
      jump_length | 1 | 1000 | 5.0
      jump_n_sample | 1 | 1000 | 5.0
      s_churn | 0 | 1000000
      s_tmin | 0 | 1000000
      s_tmax | 0 | 1000000 | 'Infinity'
      s_noise | 0 | 10
      use_clipped_model_output | true | false
      noise_schedule.betas | [0.1] | [<0.5,*999>0.5] | [0.000001,0.999999]
      noise_schedule.steps | 1 | 1000
      noise_schedule.beta_schedule | 'linear' | 'cosine'
      noise_schedule.beta_start | 0.000001 | 0.999999
      noise_schedule.beta_end | 0.000001 | 0.999999
      seed | 0 | 18446744073709551615 | '0' | '18446744073709551615' | 1.8e19
      seeds | [0] | [<1,*63>'18446744073709551615']
      seed_mode | 'image' | 'batch'
      generator | 'torch_cpu' | 'torch_cuda' | 'philox'
      num_images | 1 | 64
      width | 1 | 65536
      num_frames | 1 | 65536
      sizes | {'atoms':1} | {'a':1048576,'b':2}
      inputs | {'mel':{'uri':'s3://abc/<é*512>'}}
      height | 1 | 65536
      image.uri | 's3://abc/k' | 's3://<b*63>/<k*1024>' | 's3://a.b-c/.x/..y/z.' | 's3://abc/ü/é 1.png'
      image.sha256 | '<0*64>'
      image.data | 'AA==' | 'AAA=' | 'A+/9'
      mask_image.data | 'AAAA'
      strength | 0.000001 | 1
      noise_level | 0 | 1000
      tile.size | 1 | 65536
      tile.overlap | 0 | 32768
      output | {}
      output.prefix | 's3://abc/' | 's3://abc/a/b/' | 's3://abc/<k*511>/'
      output.format | 'png' | 'webp' | 'jpeg' | 'npy' | 'wav'
      output.quality | 1 | 100
      output.bits | 8 | 16 | 32
      output.keep_intermediate | true | false
      preview_every | 1 | 1000
      render | 'reuse' | 'always'
      priority | 0 | 9
      deadline | '2030-01-31T12:00:00Z' | '2030-01-31t23:59:60.123456789z' | '2028-02-29T00:00:00-17:59'
      metadata | {} | {'a':'<x*4088>'} | null
      """;

  private static final String OUTSIDE =
      """
      id | '' | '<x*129>' | '-a' | 'a b' | 'a/b' | 'ä' | 'a\\n' | 7 | null
      kind | 'paint' | 1 | null
      model | '' | '<x*129>' | '-m' | 'a/b' | 'm@sha256:<0*65>' | 'm@sha256:A' | 1
      prompt | '<x*8193>' | '<é*4097>' | 'a\\u0000b' | 7
      negative_prompt | '<x*8193>'
      prompt_2 | '<x*8193>'
      negative_prompt_2 | '<x*8193>'
      class_label | '' | '<x*129>' | -1 | 2147483648 | 1.5 | true | 1e70
      guidance_scale | -1000.1 | 1000.1 | '7' | true
      guidance_rescale | -0.1 | 1.1 | '1'
      num_inference_steps | 0 | 1001 | 1.5 | '20' | 1e70 | -1e70 | 1.8446744073709551617e19
      timesteps | [] | [<1,*1000>1] | [-0.1] | [1000000.5] | ['1'] | 5
      sigmas | [] | [<1,*1000>1] | [-0.1] | [1000000.5] | ['1'] | 5
      scheduler | {<'k#':1,*64>'k':1} | {'a':'<x*129>'} | {'a':{}} | []
      scheduler | {'a':[<1,*1000>1]} | {'a':[[]]} | {'a':['<x*129>']} | {'9':1} | {'a-b':1} | {'<a*65>':1}
      scheduler._class_name | '<a*65>' | 'a b' | 1
      eta | -0.1 | 1.1 | '0'
      mu | -10.1 | 10.1 | '1'
      order | 0 | 5 | 1.5 | '4'
      jump_length | 0 | 1001 | 1.5 | '4'
      jump_n_sample | 0 | 1001 | 1.5 | '4'
      s_churn | -0.1 | 1000000.1 | 'Infinity'
      s_tmin | -0.1 | 1000000.1
      s_tmax | -0.1 | 1000000.1 | '-Infinity' | 'inf' | true
      s_noise | -0.1 | 10.1
      use_clipped_model_output | 1 | 'true'
      noise_schedule | {} | {'betas':[0.5],'x':1} | {'betas':[0.5],'steps':1} | []
      noise_schedule.betas | [] | [<0.5,*1000>0.5] | [0] | [1] | ['0.5']
      noise_schedule.steps | 0 | 1001 | 2.5
      noise_schedule.beta_schedule | 'quadratic'
      noise_schedule.beta_start | 0 | 1
      noise_schedule.beta_end | 0 | 1
      seed | -1 | 18446744073709551616 | '18446744073709551616' | '-1' | '01' | '' | 1.5 | 1e300
      seed | '99999999999999999999' | '<9*100000>' | '1e3' | true
      seeds | [] | [-1] | ['18446744073709551616'] | 7
      seed_mode | 'images'
      generator | 'torch' | 1
      num_images | 0 | 65 | 1.5 | 1.8446744073709551617e19
      width | 0 | 65537 | 1.5 | 1.8446744073709551680e19
      height | 0 | 65537 | 1.5
      num_frames | 0 | 65537 | 1.5
      sizes | {'9':1} | {'a':0} | {'a':1048577} | {'a':1.5} | 5
      inputs | {'mel':{'uri':'s3://abc/<é*513>'}} | {'mel':{'data':'AA=='}} | {'9':{'uri':'s3://abc/k'}}
      image.uri | 's3://ab/k' | 's3://<b*64>/k' | 's3://abc/' | 's3://abc' | 's3://ABC/k' | 'http://abc/k'
      image.uri | 's3://abc/<k*1025>' | 's3://abc/<é*513>' | 's3://abc/../k' | 's3://abc/a/..' | 's3://abc/k/'
      image.uri | 's3://abc/a/./k' | 's3://abc//k' | 's3://abc/a\\\\b' | 's3://abc/a\\nb' | 's3://abc/k\\n'
      image.uri | 's3://abc/<a/*200000>' | 's3://abc/a\\u2028/../b' | 'file:///etc/passwd'
      image.sha256 | '<0*65>' | '<A*64>' | ''
      image.data | '' | 'AAA' | 'A===' | 'A A=' | 'AA-_' | 7
      image | {} | {'data':'AAAA','uri':'s3://abc/k'} | {'data':'AAAA','x':1} | 's3://abc/k'
      mask_image.data | 'A'
      strength | 0 | 1.1 | '1'
      noise_level | -1 | 1001 | 0.5
      tile.size | 65537
      tile.overlap | -1 | 32769
      output | [] | {'other':1}
      output.prefix | 's3://abc' | 's3://abc/a' | 's3://abc//' | 's3://abc/../' | 's3://abc/a/./' | 's3://abc/<k*512>/'
      output.prefix | 's3://abc/<é*256>/'
      output.format | 'gif'
      output.quality | 0 | 101
      output.bits | 0 | 12 | 64 | '16'
      output.keep_intermediate | 'yes'
      preview_every | 0 | 1001
      render | 'never'
      priority | -1 | 10
      deadline | '2030-01-31T12:00Z' | '2030-01-31T12:00:00' | '2030-02-30T12:00:00Z' | '2030-01-31T24:00:00Z'
      deadline | '2030-01-31 12:00:00Z' | '2030-13-01T12:00:00Z' | '2030-01-31T12:00:00.1234567890Z' | 5
      deadline | '2030-01-31T12:00:00+18:00'
      metadata | {'a':'<x*4089>'} | []
      """;

  private static final Pattern REPEATED = Pattern.compile("<(.+?)\\*(\\d+)>");

  @ParameterizedTest
  @MethodSource("inside")
  void valuesAtTheBoundAreValid(String field, String value) {
    assertThat(violations(with(field, value))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("outside")
  void valuesBeyondTheBoundAreViolationsOfThatFieldOnly(String field, String value) {
    assertThat(violations(with(field, value)))
        .isNotEmpty()
        .allMatch(violation -> violation.startsWith("/" + field.replace('.', '/')));
  }

  static Stream<Arguments> inside() {
    return INSIDE.lines().flatMap(RequestBoundsTest::cases);
  }

  static Stream<Arguments> outside() {
    return OUTSIDE.lines().flatMap(RequestBoundsTest::cases);
  }

  private static Stream<Arguments> cases(String line) {
    String[] words = line.split(" \\| ", -1);
    return Stream.of(words)
        .skip(1)
        .map(
            value ->
                Arguments.of(
                    words[0], REPEATED.matcher(value).replaceAll(RequestBoundsTest::repeated)));
  }

  private static String repeated(MatchResult match) {
    String element = match.group(1);
    return Matcher.quoteReplacement(
        IntStream.range(0, Integer.parseInt(match.group(2)))
            .mapToObj(i -> element.replace("#", Integer.toString(i)))
            .collect(Collectors.joining()));
  }

  /** Returns a request with that field, and with the fields that it requires. */
  private static String with(String field, String value) {
    String[] path = field.split("\\.", 2);
    String json = path.length == 1 ? value : "{'" + path[1] + "':" + value + siblings(field) + "}";
    String assignment = "'" + path[0] + "':" + json;
    return switch (path[0]) {
      case "noise_level", "tile" -> upscale(assignment);
      case "id", "kind", "model" ->
          generate()
              .replaceFirst(
                  "\"" + path[0] + "\":\"[^\"]*\"",
                  Matcher.quoteReplacement(assignment.replace('\'', '"')));
      case "width" -> generate(assignment, "'height':1");
      case "height" -> generate(assignment, "'width':1");
      case "strength", "mask_image" -> generate(assignment, "'image':{'data':'AAAA'}");
      case "seeds" -> generate(assignment, "'num_images':" + value.split(",", -1).length);
      default -> generate(assignment);
    };
  }

  private static String siblings(String field) {
    return switch (field) {
      case "tile.size" -> ",'overlap':0";
      case "tile.overlap" -> ",'size':65536";
      case "image.sha256" -> ",'uri':'s3://abc/x'";
      case "noise_schedule.steps" -> ",'beta_schedule':'linear'";
      case "noise_schedule.beta_schedule" -> ",'steps':6";
      case "noise_schedule.beta_start", "noise_schedule.beta_end" ->
          ",'beta_schedule':'linear','steps':6";
      default -> "";
    };
  }
}
