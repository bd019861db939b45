package io.darkroom.json;

import static io.darkroom.json.Requests.generate;
import static io.darkroom.json.Requests.upscale;
import static io.darkroom.json.Requests.valid;
import static io.darkroom.json.Requests.violations;
import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.Steps;
import io.darkroom.job.ImageRef;
import io.darkroom.job.JobId;
import io.darkroom.job.ModelRef;
import io.darkroom.job.Output;
import io.darkroom.job.Prompts;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Resize;
import io.darkroom.job.Seeds;
import io.darkroom.job.Size;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Tile;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RequestCodecTest {

  @Test
  void everyFieldOfAGenerateRequestArrives() {
    String json =
        generate(
            "'prompt':'a fox','negative_prompt':'','prompt_2':'b','negative_prompt_2':'c'",
            "'class_label':12,'guidance_scale':7,'guidance_rescale':0.7,'num_inference_steps':2e1",
            "'scheduler':{'_class_name':'euler_a','steps_offset':1,'beta_start':0.5,'clip_sample':true,"
                + "'trained_betas':[0.1,1]}",
            "'mu':-1,'order':3,'jump_length':5,'jump_n_sample':7,'s_churn':2,'s_tmin':0.25,'s_tmax':'Infinity','s_noise':1.0",
            "'use_clipped_model_output':true",
            "'eta':0.5,'noise_schedule':{'betas':[0.1,0.2]},'seed':'18446744073709551615'",
            "'seed_mode':'batch','generator':'philox','num_images':3,'width':64,'height':32",
            "'image':{'data':'AAAA'},'mask_image':{'uri':'s3://abc/m.png'},'strength':0.25,'resize':'fill'",
            "'output':{'prefix':'s3://abc/x/','format':'webp','quality':90,'bits':8,'keep_intermediate':true}",
            "'preview_every':4,'render':'always','priority':9,'deadline':'2030-01-31T12:00:00+01:00'",
            "'metadata':{'a':[null,1.10]}");

    RenderRequest request = valid(json).request();
    StageRequest stage = request.stage();

    assertThat(request.id()).isEqualTo(new JobId("r-1"));
    assertThat(request.model()).isEqualTo(new ModelRef("emoji-32", Optional.empty()));
    assertThat(stage.prompts().prompt()).contains("a fox");
    assertThat(stage.prompts().negativePrompt()).contains("");
    assertThat(stage.prompts().text("prompt_2")).contains("b");
    assertThat(stage.prompts().text("negative_prompt_2")).contains("c");
    assertThat(stage.classLabel()).contains("12");
    assertThat(stage.source())
        .isEqualTo(
            new Source.Image(
                new ImageRef.Inline("AAAA"),
                Optional.of(new ImageRef.Stored("s3://abc/m.png", Optional.empty())),
                OptionalDouble.of(0.25),
                Optional.of(new Size(64, 32)),
                Optional.of(Resize.FILL)));
    assertThat(stage.sampling().steps()).contains(new Steps.Count(20));
    assertThat(stage.sampling().guidanceScale()).isEqualTo(OptionalDouble.of(7));
    assertThat(stage.sampling().guidanceRescale()).isEqualTo(OptionalDouble.of(0.7));
    assertThat(stage.sampling().arguments())
        .isEqualTo(
            Map.of(
                "eta",
                0.5,
                "mu",
                -1,
                "order",
                3,
                "jump_length",
                5,
                "jump_n_sample",
                7,
                "s_churn",
                2,
                "s_tmin",
                0.25,
                "s_tmax",
                "Infinity",
                "s_noise",
                1.0,
                "use_clipped_model_output",
                true));
    assertThat(stage.sampling().scheduler())
        .isEqualTo(
            Map.of(
                "_class_name",
                "euler_a",
                "steps_offset",
                1,
                "beta_start",
                0.5,
                "clip_sample",
                true,
                "trained_betas",
                List.of(0.1, 1)));
    assertThat(stage.sampling().noiseSchedule()).isEqualTo(Map.of("betas", List.of(0.1, 0.2)));
    assertThat(request.seeds())
        .isEqualTo(new Seeds(Optional.of(-1L), List.of(), Seeds.Mode.BATCH, "philox", 3));
    assertThat(request.output())
        .isEqualTo(
            new Output(
                Optional.of("s3://abc/x/"),
                Optional.of("webp"),
                OptionalInt.of(90),
                OptionalInt.of(8),
                true));
    assertThat(request.options().previewEvery()).isEqualTo(OptionalInt.of(4));
    assertThat(request.options().always()).isTrue();
    assertThat(request.options().priority()).isEqualTo(9);
    assertThat(request.options().deadline()).contains(Instant.parse("2030-01-31T11:00:00Z"));
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("a", Arrays.asList(null, new BigDecimal("1.10")));
    assertThat(request.options().metadata()).isEqualTo(metadata);
  }

  @Test
  void everyFieldOfAnUpscaleRequestArrives() {
    String digest = "ab".repeat(32);
    String json =
        upscale("'noise_level':20,'tile':{'size':64,'overlap':8},'prompt':'sharp','sigmas':[3,1.5]")
            .replace("emoji-sr4", "emoji-sr4@sha256:" + digest)
            .replace("a.png\"", "a.png\",\"sha256\":\"" + digest + "\"");

    RenderRequest request = valid(json).request();
    StageRequest stage = request.stage();

    assertThat(request.model()).isEqualTo(new ModelRef("emoji-sr4", Optional.of(digest)));
    assertThat(stage.source())
        .isEqualTo(
            new Source.Enlarge(
                Optional.of(new ImageRef.Stored("s3://pictures/a.png", Optional.of(digest))),
                Optional.of(20),
                Optional.of(new Tile(64, 8))));
    assertThat(stage.prompts().prompt()).contains("sharp");
    assertThat(stage.sampling().steps()).contains(new Steps.Sigmas(List.of(3.0, 1.5)));
  }

  @Test
  void onlyFixedDefaultsOfTheContractAreFilledIn() {
    RenderRequest request = valid(generate()).request();
    StageRequest stage = request.stage();

    assertThat(request.seeds())
        .isEqualTo(new Seeds(Optional.empty(), List.of(), Seeds.Mode.IMAGE, "torch_cpu", 1));
    assertThat(request.options().priority()).isEqualTo(5);
    assertThat(request.options().always()).isFalse();
    assertThat(request.options().deadline()).isEmpty();
    assertThat(request.options().previewEvery()).isEmpty();
    assertThat(request.options().metadata()).isEmpty();
    assertThat(request.output())
        .isEqualTo(
            new Output(
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false));
    assertThat(stage.sampling().steps()).isEmpty();
    assertThat(stage.sampling().guidanceScale()).isEmpty();
    assertThat(stage.sampling().arguments()).isEmpty();
    assertThat(stage.prompts()).isEqualTo(Prompts.NONE);
    assertThat(stage.classLabel()).isEmpty();
    assertThat(stage.source()).isEqualTo(new Source.Nothing(Optional.empty()));
    assertThat(stage.inputs()).isEmpty();
  }

  @Test
  void aFieldThatIsNullIsLeftOut() {
    String json =
        generate(
            "'prompt':null,'seed':null,'timesteps':null,'eta':null,'output':{'prefix':null}",
            "'scheduler':{'_class_name':'euler','sigma_min':null,'trained_betas':null}",
            "'metadata':{'a':null}");

    Decoded.Valid read = valid(json);

    StageRequest stage = read.request().stage();
    assertThat(stage.sampling().scheduler()).isEqualTo(Map.of("_class_name", "euler"));
    assertThat(stage.sampling().arguments()).isEmpty();
    assertThat(stage.sampling().steps()).isEmpty();
    assertThat(read.request().options().metadata()).containsKey("a");
    assertThat(read.sha256())
        .isEqualTo(valid(generate("'scheduler':{'_class_name':'euler'}")).sha256());
    assertThat(valid(generate("'metadata':null")).request().options().metadata()).isEmpty();
  }

  @Test
  void requiredFieldsAndElementsCannotBeNull() {
    assertThat(violations(generate("'sigmas':[1,null]")))
        .containsExactly("/sigmas/1: must be a number, is null");
    assertThat(violations(generate("'scheduler':{'trained_betas':[null]}")))
        .containsExactly(
            "/scheduler/trained_betas/0: must be text, a number or true or false, is null");
    assertThat(violations("{\"id\":\"r-1\",\"kind\":\"generate\",\"model\":null}"))
        .containsExactly("/model: is required");
  }

  @Test
  void everyViolationIsListedInOrderOfItsPointer() {
    String json =
        generate(
            "'num_inference_steps':0,'timesteps':[5,'x'],'guidance_scale':'7','colour':'red'",
            "'seed':-1,'eta':1.5,'num_images':65,'prompt':7,'tile':{},'deadline':'tomorrow'");

    assertThat(violations(json))
        .containsExactly(
            "/colour: is not a known field",
            "/deadline: must be an RFC 3339 time such as 2030-01-31T12:00:00Z, is \"tomorrow\"",
            "/eta: must be 0 to 1, is 1.5",
            "/guidance_scale: must be a number, is \"7\"",
            "/num_images: must be 1 to 64, is 65",
            "/num_inference_steps: must be 1 to 1000, is 0",
            "/num_inference_steps: must not be given together with timesteps",
            "/prompt: must be at most 8192 bytes of text without the character U+0000, is 7",
            "/seed: must be an integer from 0 to 2^64-1, as a number or in decimal digits, is -1",
            "/tile: must not be given where kind is generate",
            "/tile/overlap: is required",
            "/tile/size: is required",
            "/timesteps/1: must be a number, is \"x\"");
  }

  @Test
  void aValidIdIsReportedForAnInvalidRequest() {
    assertThat(Requests.invalid("{\"id\":\"right\",\"kind\":7}").id()).contains(new JobId("right"));
    assertThat(Requests.invalid("{\"id\":\"not right\",\"kind\":7}").id()).isEmpty();
    assertThat(Requests.invalid("{\"id\":5}").id()).isEmpty();
    assertThat(Requests.invalid("[\"id\"]").id()).isEmpty();
  }

  @Test
  void aMessageThatIsNotAnObjectIsInvalidWithoutADigest() {
    assertThat(violations("[1]")).containsExactly(": must be an object, is an array");
    assertThat(Requests.invalid("[1]").sha256()).isEmpty();
  }

  @Test
  void stagesThatFollowAreReadWithTheirOwnModelsAndSteps() {
    String json =
        generate(
            "'then':[{'kind':'upscale','model':'emoji-sr4','num_inference_steps':9},"
                + "{'kind':'upscale','model':'larger','noise_level':2}]");
    List<StageRequest> then = valid(json).request().then();
    assertThat(then)
        .extracting(stage -> stage.model().name())
        .containsExactly("emoji-sr4", "larger");
    assertThat(then.get(0).sampling().steps()).contains(new Steps.Count(9));
    assertThat(then.get(1).source())
        .isEqualTo(new Source.Enlarge(Optional.empty(), Optional.of(2), Optional.empty()));
    assertThat(valid(json).sha256()).isNotEqualTo(valid(generate("'seed':1")).sha256());
  }

  @Test
  void rulesOfTextsAndTilesHoldInStagesThatFollow() {
    String text = "x".repeat(8190) + "\u00e9\u00e9";
    assertThat(
            violations(
                generate(
                    "'then':[{'kind':'upscale','model':'a','tile':{'size':4,'overlap':4},"
                        + "'prompt':'"
                        + text
                        + "'},{'kind':'generate','model':'b'}]")))
        .containsExactlyInAnyOrder(
            "/then/0/prompt: must be at most 8192 bytes, is 8194",
            "/then/0/tile/overlap: must be at most half of size, 4, is 4",
            "/then/1/denoising_start: is required");
  }

  @Test
  void theCacheHasAnIntervalAndADepth() {
    assertThat(valid(generate("'cache':{'interval':3}")).request().stage().sampling().cache())
        .contains(new FeatureCache(3, 1));
    assertThat(
            violations(
                generate(
                    "'cache':{'interval':1,'depth':0},'then':[{'kind':'upscale','model':'a',"
                        + "'cache':{'interval':11}},{'kind':'upscale','model':'a','cache':{}}]")))
        .containsExactlyInAnyOrder(
            "/cache/interval: must be 2 to 10, is 1",
            "/cache/depth: must be 1 to 64, is 0",
            "/then/0/cache/interval: must be 2 to 10, is 11",
            "/then/1/cache/interval: is required");
  }

  @Test
  void theIntervalOfGuidanceRises() {
    assertThat(
            valid(generate("'guidance_interval':[0,0.5]"))
                .request()
                .stage()
                .sampling()
                .guidanceInterval())
        .contains(new Guidance.Interval(0, 0.5));
    assertThat(
            violations(
                generate(
                    "'guidance_interval':[0.5,0.5],'then':[{'kind':'upscale','model':'a',"
                        + "'guidance_interval':[-1,2]}]")))
        .containsExactlyInAnyOrder(
            "/guidance_interval/1: must be above the first entry, 0.5",
            "/then/0/guidance_interval/0: must be 0 to 1, is -1",
            "/then/0/guidance_interval/1: must be 0 to 1, is 2");
  }

  @Test
  void aStageThatTakesLatentsHasADenoisingStart() {
    String json =
        generate(
            "'denoising_end':0.6,'then':[{'kind':'generate','model':'refiner','class_label':3,"
                + "'denoising_start':0.6,'denoising_end':0.9}]");
    RenderRequest request = valid(json).request();
    assertThat(request.stage().sampling().denoisingEnd()).hasValue(0.6);
    assertThat(request.then().get(0).source()).isEqualTo(new Source.Latents(0.6));
    assertThat(request.then().get(0).sampling().denoisingEnd()).hasValue(0.9);
    assertThat(
            violations(
                generate(
                    "'denoising_start':0.5,'denoising_end':1,'then':[{'kind':'generate',"
                        + "'model':'refiner','denoising_start':0.6,'denoising_end':0.6,"
                        + "'noise_level':1},{'kind':'upscale','model':'a','class_label':1,"
                        + "'denoising_start':0.5}]")))
        .containsExactlyInAnyOrder(
            "/denoising_start: is not a known field",
            "/denoising_end: must be above 0 and below 1, is 1",
            "/then/0/denoising_end: must be above denoising_start, 0.6",
            "/then/0/noise_level: must not be given where kind is generate",
            "/then/1/class_label: must not be given where kind is upscale",
            "/then/1/denoising_start: must not be given where kind is upscale");
  }

  @Test
  void theNumberOfSeedsIsTheNumberOfImages() {
    Seeds seeds = valid(generate("'seeds':['18446744073709551615',2]")).request().seeds();

    assertThat(seeds)
        .isEqualTo(new Seeds(Optional.empty(), List.of(-1L, 2L), Seeds.Mode.IMAGE, "torch_cpu", 2));
  }

  @Test
  void rulesBetweenFieldsAreKept() {
    assertThat(violations(generate("'seeds':[1,2],'num_images':1")))
        .containsExactly("/seeds: must have one entry per image, 1, has 2");
    assertThat(violations(generate("'seeds':[1,2],'num_images':2,'seed':1")))
        .containsExactly("/seed: must not be given together with seeds");
    assertThat(violations(generate("'width':8")))
        .containsExactly("/height: is required where width is given");
    assertThat(violations(generate("'strength':0.5")))
        .containsExactly("/image: is required where strength is given");
    assertThat(violations(generate("'sigmas':[1],'timesteps':[1]")))
        .containsExactly("/sigmas: must not be given together with timesteps");
    assertThat(violations(upscale("'tile':{'size':8,'overlap':8}")))
        .containsExactly("/tile/overlap: must be at most half of size, 8, is 8");
    assertThat(violations(upscale("'tile':{'size':16.0,'overlap':12}")))
        .containsExactly("/tile/overlap: must be at most half of size, 16.0, is 12");
    assertThat(violations(upscale("'tile':{'size':0,'overlap':8}")))
        .contains("/tile/size: must be 1 to 65536, is 0");
    assertThat(violations(upscale("'width':8,'height':8,'class_label':1")))
        .containsExactly(
            "/class_label: must not be given where kind is upscale",
            "/height: must not be given where kind is upscale: the model says how much larger",
            "/width: must not be given where kind is upscale: the model says how much larger");
    assertThat(violations(upscale().replace("image", "pictures")))
        .containsExactly("/image: is required", "/pictures: is not a known field");
    assertThat(violations(generate("'seeds':[1" + ",1".repeat(64) + "]")))
        .containsExactly("/seeds: must have 1 to 64 entries, has 65");
  }

  @Test
  void aListOfViolationsThatWouldNotFitIntoAnEventIsCut() {
    StringBuilder fields = new StringBuilder("'x0':0");
    for (int i = 1; i < 5000; i++) {
      fields.append(",'x").append(i).append("':0");
    }

    List<String> violations = violations(generate(fields.toString()));

    assertThat(violations).hasSize(101).contains("/x0: is not a known field");
    assertThat(violations.get(100)).isEqualTo(": has 4900 more violations");
  }

  @Test
  void quotedValuesInViolationsAreShortAndOnOneLine() {
    String json = generate("'kind2\\n\\u202e':1,'generator':'" + "x\\n".repeat(500) + "'");

    assertThat(violations(json))
        .containsExactly(
            "/generator: must be torch_cpu, torch_cuda or philox, is \""
                + "x\\n".repeat(19)
                + "x\\...",
            "/kind2??: is not a known field");
  }
}
