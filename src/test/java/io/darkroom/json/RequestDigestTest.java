package io.darkroom.json;

import static io.darkroom.json.Requests.generate;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The expected digests were computed with Python's hashlib over canonical texts written by hand.
 */
class RequestDigestTest {

  @Test
  void theDigestIsComputedFromTheCanonicalForm() {
    // {"id":"r-1","kind":"generate","model":"emoji-32"}
    assertThat(digest(generate()))
        .isEqualTo("f52806b5fcf2e61b4036cf4b6691ad77943b90b712d03c5937210a6d91258969");
    // {"guidance_scale":2.5,...,"num_inference_steps":20,"prompt":"façade
    // 😀","seed":"9223372036854775809"}
    assertThat(
            digest(
                generate(
                    "'seed': 9223372036854775809, 'prompt':'fa\\u00e7ade \\ud83d\\ude00'",
                    "'num_inference_steps': 2e1, 'guidance_scale': 2.50")))
        .isEqualTo("756b84dea90cf015302f2477afed3021ea2699a7376344b05210a02dc73d0c6c");
    // {"guidance_scale":2,...,"output":{"format":"npy"},"scheduler":{...,"beta_start":1e-7},"seed":9007199254740992}
    assertThat(
            digest(
                generate(
                    "'guidance_scale':2.0,'output':{'prefix':'s3://abc/','format':'npy'}",
                    "'scheduler':{'beta_start':0.0000001,'_class_name':'euler'},'seed':9007199254740992")))
        .isEqualTo("9dba70c26863fbe874c665df481c2ddacde959a9ce1fa3b82625f538bb85e20f");
  }

  @Test
  void fieldsThatDoNotAffectTheResultDoNotAffectTheDigest() {
    String handled =
        generate(
            "'priority':9,'deadline':'2030-01-31T12:00:00Z','metadata':{'a':1},'preview_every':2",
            "'render':'always','output':{'prefix':'s3://abc/'}");

    assertThat(digest(handled)).isEqualTo(digest(generate()));
    assertThat(digest(generate("'output':{}"))).isEqualTo(digest(generate()));
    assertThat(digest(generate("'output':{'format':'png'}"))).isNotEqualTo(digest(generate()));
  }

  @Test
  void everyOtherFieldAffectsTheDigest() {
    assertThat(digest(generate("'num_images':1"))).isNotEqualTo(digest(generate()));
    assertThat(digest(generate("'prompt':''"))).isNotEqualTo(digest(generate()));
  }

  @Test
  void seedsThatEqualOneDoubleHaveDifferentDigests() {
    String even = digest(generate("'seed':9223372036854775808"));
    String odd = digest(generate("'seed':9223372036854775809"));

    assertThat(odd).isNotEqualTo(even);
    assertThat(digest(generate("'seed':'9223372036854775809'"))).isEqualTo(odd);
    assertThat(digest(generate("'seed':9223372036854775809.0"))).isEqualTo(odd);
    assertThat(digest(generate("'seed':9.223372036854775809e18"))).isEqualTo(odd);
  }

  @Test
  void aSmallSeedAsTextIsAnotherRequest() {
    assertThat(digest(generate("'seed':'7'"))).isNotEqualTo(digest(generate("'seed':7")));
  }

  @Test
  void anInvalidRequestHasADigest() {
    assertThat(Requests.invalid(generate("'num_inference_steps':0")).sha256())
        .hasSize(64)
        .isNotEqualTo(digest(generate()));
  }

  private static String digest(String json) {
    return Requests.valid(json).sha256();
  }
}
