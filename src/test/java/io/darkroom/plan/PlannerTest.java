package io.darkroom.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.SamplerFamily;
import io.darkroom.diffusion.sampler.Samplers;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.ImageRef;
import io.darkroom.job.JobId;
import io.darkroom.job.JobOptions;
import io.darkroom.job.ModelArguments;
import io.darkroom.job.ModelRef;
import io.darkroom.job.Output;
import io.darkroom.job.Prompts;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Resize;
import io.darkroom.job.Sampling;
import io.darkroom.job.Seeds;
import io.darkroom.job.Size;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Tile;
import io.darkroom.job.Violation;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditions;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.SkipFeature;
import io.darkroom.model.Space;
import io.darkroom.model.condition.ClassLabel;
import io.darkroom.model.condition.LowResolution;
import io.darkroom.model.condition.TextPrompt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
  private static final Limits LIMITS = new Limits(64 * 64, 100, 8, 5_000_000);
  private static final Planner PLANNER = new Planner(LIMITS);
  private static final Map<String, Object> SCHEDULER =
      Map.of("_class_name", "DDIMScheduler", "prediction_type", "v_prediction");
  private static final Output OUTPUT =
      new Output(
          Optional.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), false);
  private static final JobOptions HANDLING =
      new JobOptions(5, Optional.empty(), OptionalInt.empty(), false, Map.of());
  private static final Seeds DRAWS =
      new Seeds(Optional.empty(), List.of(), Seeds.Mode.IMAGE, "torch_cpu", 1);
  private static final Sampling SILENT =
      new Sampling(
          Optional.empty(),
          Map.of(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          Map.of(),
          Map.of());

  private static ModelCard card(int channels, Space space, Condition... conditions) {
    return new ModelCard(
        "model",
        "0".repeat(64),
        Map.of(),
        new ModelCard.Network(channels, channels, channels, 8, 8, 2, true, true),
        List.of(conditions),
        space,
        SCHEDULER,
        "1".repeat(64),
        new ModelCard.Defaults(OptionalInt.of(20), OptionalDouble.of(3), OptionalDouble.of(0.5)));
  }

  private static final ModelCard TEXT = card(4, Space.latents(4, 0.18215), TextPrompt.of(77, 8));
  private static final ModelCard LABELS =
      card(3, Space.PIXELS, ClassLabel.of(Map.of("cat", 1), 10, OptionalInt.of(9)));
  private static final ModelCard LARGER =
      card(4, Space.PIXELS, new LowResolution(4, 40, 0.005, 4, Optional.empty()));

  private static RenderRequest generate(
      Prompts prompts, Optional<String> label, Sampling sampling) {
    return generate(prompts, label, sampling, DRAWS, Optional.empty());
  }

  private static RenderRequest generate(
      Prompts prompts,
      Optional<String> label,
      Sampling sampling,
      Seeds draws,
      Optional<Size> size) {
    StageRequest stage =
        new StageRequest(
            new ModelRef("model", Optional.empty()),
            prompts,
            label,
            new Source.Nothing(size),
            Map.of(),
            ModelArguments.NONE,
            sampling);
    return new RenderRequest(new JobId("a"), stage, draws, OUTPUT, HANDLING);
  }

  @Test
  void sharedDrawsIncludeThoseOfConditionsAndLatents() throws InvalidPlan {
    Stage alone =
        batch(PLANNER.plan(generate(prompt("cat"), Optional.empty(), SILENT), TEXT).first());
    Stage painted =
        new Stage(
            alone.model(),
            alone.scheduler(),
            alone.steps(),
            alone.sampler(),
            alone.guidance(),
            alone.conditions(),
            new Start(Start.From.PICTURE, Start.Keep.PUT_BACK, Optional.of(Resize.EXACT)),
            alone.base(),
            alone.tile(),
            alone.inputSize(),
            alone.images());
    assertThat(painted.sharedDraws() - alone.sharedDraws())
        .as("the latents of the picture, and of the masked picture")
        .isEqualTo(2L * 4 * 8 * 8);
  }

  private static Stage batch(Stage stage) {
    List<Stage.Image> images =
        IntStream.range(0, 2)
            .mapToObj(i -> new Stage.Image(i, 7, new Stage.NoiseKey(Generator.TORCH_CPU, 7, i, 2)))
            .toList();
    return new Stage(
        stage.model(),
        stage.scheduler(),
        stage.steps(),
        stage.sampler(),
        stage.guidance(),
        stage.conditions(),
        stage.start(),
        stage.base(),
        stage.tile(),
        stage.inputSize(),
        images);
  }

  private static Prompts prompt(String text) {
    return new Prompts(Map.of("prompt", text));
  }

  private static List<String> problems(RenderRequest request, ModelCard card) {
    InvalidPlan invalid =
        catchThrowableOfType(InvalidPlan.class, () -> PLANNER.plan(request, card));
    assertThat(invalid).isNotNull();
    return invalid.violations().stream().map(v -> v.pointer() + ": " + v.message()).toList();
  }

  @Test
  void aRequestWithoutFieldsGetsThePackagesDefaults() throws InvalidPlan {
    RenderPlan plan = PLANNER.plan(generate(prompt("cat"), Optional.empty(), SILENT), TEXT);
    StageRequest effective = plan.effective().stage();
    assertThat(effective.source().size()).contains(new Size(32, 32));
    assertThat(effective.prompts().negativePrompt()).contains("");
    assertThat(effective.sampling().steps()).contains(new Steps.Count(20));
    assertThat(effective.sampling().guidanceScale()).hasValue(3);
    assertThat(effective.sampling().arguments()).containsEntry("eta", 0.5);
    assertThat(effective.sampling().scheduler()).containsEntry("_class_name", "DDIMScheduler");
    assertThat(plan.effective().output().format()).contains("png");
    Stage stage = plan.first();
    assertThat(stage.sampler().evaluations()).isEqualTo(20);
    assertThat(stage.guidance()).isEqualTo(new Guidance(3, 0));
    assertThat(stage.sample()).isEqualTo(new Shape(4, 8, 8));
  }

  @Test
  void theDigestOfAPlanChangesWithEverythingThatIsComputed() throws InvalidPlan {
    Sampling linear = along(Map.of("beta_end", 0.02));
    Sampling other = along(Map.of("beta_end", 0.03));
    Sampling clamped = along(Map.of("beta_end", 0.03, "clamp_each_step", true));

    assertThat(digest(SILENT, 5)).isEqualTo(digest(SILENT, 5)).hasSize(64);
    assertThat(
            List.of(
                digest(SILENT, 5),
                digest(SILENT, 6),
                digest(linear, 5),
                digest(other, 5),
                digest(clamped, 5)))
        .doesNotHaveDuplicates();
  }

  private static Sampling caching(FeatureCache cache) {
    return new Sampling(
        SILENT.steps(),
        SILENT.scheduler(),
        SILENT.guidanceScale(),
        SILENT.guidanceRescale(),
        SILENT.arguments(),
        SILENT.noiseSchedule(),
        SILENT.denoisingEnd(),
        SILENT.guidanceInterval(),
        Optional.of(cache));
  }

  /** Returns the card of a network with two skip connections. */
  private static ModelCard skipping() {
    return new ModelCard(
        TEXT.name(),
        TEXT.sha256(),
        TEXT.components(),
        TEXT.network(),
        TEXT.conditions(),
        TEXT.space(),
        TEXT.medium(),
        TEXT.scheduler(),
        TEXT.schedulerSha256(),
        TEXT.defaults(),
        List.of(new SkipFeature(8, List.of(1, 1)), new SkipFeature(16, List.of(2, 2))));
  }

  @Test
  void aCacheNeedsASkipConnection() {
    RenderRequest third =
        generate(prompt("cat"), Optional.empty(), caching(new FeatureCache(2, 3)));
    assertThat(problems(third, TEXT))
        .containsExactly(
            "/cache: must be left out for model: its network must be a U-Net whose skip"
                + " connections are joined by Concat, and has none");
    assertThat(problems(third, skipping()))
        .containsExactly("/cache/depth: must be 1 to 2 for model, is 3");
  }

  @Test
  void theCacheIsPartOfThePlanAndItsFeaturesOfTheMemory() throws InvalidPlan {
    Stage none = stage(SILENT);
    Stage first = stage(caching(new FeatureCache(2, 1)));
    Stage second = stage(caching(new FeatureCache(2, 2)));
    assertThat(
            List.of(
                PlanDigest.of(none),
                PlanDigest.of(first),
                PlanDigest.of(second),
                PlanDigest.of(stage(caching(new FeatureCache(3, 1))))))
        .doesNotHaveDuplicates();
    assertThat(PlanDigest.of(none))
        .isEqualTo(PlanDigest.of(PLANNER.plan(of(SILENT), TEXT).first()));
    assertThat(PLANNER.plan(of(caching(new FeatureCache(2, 2))), skipping()).effective())
        .extracting(request -> request.stage().sampling().cache())
        .isEqualTo(Optional.of(new FeatureCache(2, 2)));
    assertThat(HeapBytes.underWay(first) - HeapBytes.underWay(second))
        .as("two rows")
        .isEqualTo(2L * Float.BYTES * (8 * 8 * 8 - 16 * 4 * 4));
  }

  private static RenderRequest of(Sampling sampling) {
    return generate(prompt("cat"), Optional.empty(), sampling);
  }

  private static Stage stage(Sampling sampling) throws InvalidPlan {
    return PLANNER.plan(of(sampling), skipping()).first();
  }

  private static String digest(Sampling sampling, long seed) throws InvalidPlan {
    Seeds seeds = new Seeds(Optional.empty(), List.of(seed), Seeds.Mode.IMAGE, "torch_cpu", 1);
    RenderRequest request =
        generate(prompt("cat"), Optional.empty(), sampling, seeds, Optional.empty());
    return PlanDigest.of(PLANNER.plan(request, TEXT).first());
  }

  /** Only for latents of more than twice the tile, so that other digests do not change. */
  @Test
  void theTilesOfTheDecoderArePartOfThePlan() throws InvalidPlan {
    Space tiled = TEXT.space().decodedBy(Optional.of(new Tile(8, 2)));
    Stage small = decoded(TEXT.space(), new Size(64, 64));
    Stage large = decoded(TEXT.space(), new Size(40, 72));
    assertThat(decoded(tiled, new Size(64, 64)).decodeTiling()).isEmpty();
    assertThat(PlanDigest.of(decoded(tiled, new Size(64, 64)))).isEqualTo(PlanDigest.of(small));
    Stage split = decoded(tiled, new Size(40, 72));
    assertThat(split.decodeTiling().orElseThrow().count()).isEqualTo(3 * 2);
    assertThat(PlanDigest.of(split)).isNotEqualTo(PlanDigest.of(large));
    long latents = 4L * 18 * 10;
    long tiles = 6L * 3 * 32 * 32;
    assertThat(HeapBytes.underWay(split) - HeapBytes.underWay(large))
        .isEqualTo(Float.BYTES * (latents + tiles));
    assertThat(tiled.takesLatentsOf(TEXT.space())).isTrue();
  }

  private static Stage decoded(Space space, Size size) throws InvalidPlan {
    RenderRequest request =
        generate(prompt("cat"), Optional.empty(), SILENT, DRAWS, Optional.of(size));
    return PLANNER.plan(request, card(4, space, TextPrompt.of(77, 8))).first();
  }

  @Test
  void aNetworkOfOneSizeRejectsOthers() {
    ModelCard.Network fixed = new ModelCard.Network(4, 4, 4, 8, 8, 2, false, true);
    ModelCard card =
        new ModelCard(
            "model",
            TEXT.sha256(),
            Map.of(),
            fixed,
            TEXT.conditions(),
            TEXT.space(),
            SCHEDULER,
            TEXT.schedulerSha256(),
            TEXT.defaults());
    Optional<Size> size = Optional.of(new Size(32, 64));
    assertThat(problems(generate(prompt("cat"), Optional.empty(), SILENT, DRAWS, size), card))
        .containsExactly("/height: must be 32 for model, is 64");
  }

  private static Sampling scheduler(Map<String, Object> scheduler) {
    return new Sampling(
        Optional.empty(),
        scheduler,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Map.of(),
        Map.of());
  }

  private static Sampling along(Map<String, Object> noiseSchedule) {
    return new Sampling(
        Optional.empty(),
        Map.of("_class_name", "ddpm", "num_train_timesteps", 50, "beta_end", 0.05),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Map.of(),
        noiseSchedule);
  }

  @Test
  void eachListedBetaIsOneStepAtAFractionalTimestep() throws InvalidPlan {
    Map<String, Object> betas = Map.of("betas", List.of(0.0001, 0.001, 0.01, 0.05, 0.2, 0.5));
    RenderPlan plan = PLANNER.plan(generate(prompt("cat"), Optional.empty(), along(betas)), TEXT);
    Sampler sampler = plan.first().sampler();
    assertThat(sampler.evaluations()).isEqualTo(6);
    assertThat(sampler.timestep(0)).isCloseTo(42.919, within(0.001));
    assertThat(sampler.timestep(5)).isZero();
    assertThat(plan.effective().kind()).isEqualTo("generate");
    Sampling effective = plan.effective().stage().sampling();
    assertThat(effective.noiseSchedule()).isEqualTo(betas);
    assertThat(effective.steps()).contains(new Steps.Count(6));
  }

  @Test
  void violationsOfANoiseScheduleAreNamed() {
    Map<String, Object> wrong = Map.of("beta_schedule", "linear", "beta_end", 1.5, "steps", 20);
    assertThat(problems(generate(prompt("cat"), Optional.empty(), along(wrong)), TEXT))
        .containsExactly("/noise_schedule/beta_end: must be above 0 and below 1, is 1.5");
    Map<String, Object> words = Map.of("betas", List.of("a"));
    assertThat(problems(generate(prompt("cat"), Optional.empty(), along(words)), TEXT))
        .containsExactly("/noise_schedule/betas: must be numbers");
  }

  @Test
  void planningIsPure() throws InvalidPlan {
    RenderRequest request = generate(prompt("cat"), Optional.empty(), SILENT);
    assertThat(PLANNER.plan(request, TEXT).effective())
        .isEqualTo(new Planner(LIMITS).plan(request, TEXT).effective());
  }

  @Test
  void anEffectiveRequestPlansToItself() throws InvalidPlan {
    RenderRequest request = generate(Prompts.NONE, Optional.of("cat"), SILENT);
    RenderPlan plan = PLANNER.plan(request, LABELS);
    assertThat(PLANNER.plan(plan.effective(), LABELS).effective()).isEqualTo(plan.effective());
  }

  @Test
  void theDefaultSeedIsTheBeginningOfTheIdsDigest() throws InvalidPlan {
    RenderPlan plan = PLANNER.plan(generate(prompt("cat"), Optional.empty(), SILENT), TEXT);
    // SHA-256 of "a" begins ca978112ca1bbdca
    assertThat(plan.effective().seeds().seed()).contains(0xca978112ca1bbdcaL);
  }

  @Test
  void everyImageHasItsSeed() throws InvalidPlan {
    Seeds own = new Seeds(Optional.of(-1L), List.of(), Seeds.Mode.IMAGE, "torch_cpu", 3);
    RenderRequest request =
        generate(prompt("cat"), Optional.empty(), SILENT, own, Optional.empty());
    assertThat(PLANNER.plan(request, TEXT).first().images())
        .extracting(Stage.Image::seed)
        .containsExactly(-1L, 0L, 1L);
  }

  @Test
  void aBatchSharesOneGenerator() throws InvalidPlan {
    Seeds shared = new Seeds(Optional.of(7L), List.of(), Seeds.Mode.BATCH, "torch_cpu", 2);
    RenderRequest request =
        generate(prompt("cat"), Optional.empty(), SILENT, shared, Optional.empty());
    assertThat(PLANNER.plan(request, TEXT).first().images())
        .extracting(Stage.Image::noise)
        .containsExactly(
            new Stage.NoiseKey(Generator.TORCH_CPU, 7, 0, 2),
            new Stage.NoiseKey(Generator.TORCH_CPU, 7, 1, 2));
  }

  @Test
  void labelsAreNamesOrNumbers() throws InvalidPlan {
    for (String label : List.of("cat", "1")) {
      RenderPlan plan = PLANNER.plan(generate(Prompts.NONE, Optional.of(label), SILENT), LABELS);
      assertThat(labels(plan.first())).containsExactly(1L, 9L);
    }
  }

  /** Returns the labels of conditional and unconditional rows. */
  private static List<Long> labels(Stage stage) {
    ConditionPlan.Rows rows =
        Conditions.tensors(
            stage.conditions(),
            new ConditionPlan.Inputs(
                stage.result(),
                stage.sample(),
                0,
                Generator.PHILOX.source(0),
                Map.of(),
                Map.of(),
                List.of()));
    return Stream.of(rows.conditional(), rows.unconditional())
        .map(row -> row.integers().get("class_labels"))
        .toList();
  }

  @Test
  void withoutALabelThePictureIsUnconditional() throws InvalidPlan {
    Stage stage = PLANNER.plan(generate(Prompts.NONE, Optional.empty(), SILENT), LABELS).first();
    assertThat(labels(stage)).containsExactly(9L, 9L);
    assertThat(stage.guidance().on()).isFalse();
  }

  @Test
  void inpaintingSamplersNeedAnImage() {
    for (String name : List.of("repaint", "RePaintScheduler")) {
      Sampling sampling =
          new Sampling(
              Optional.empty(),
              Map.of("_class_name", name),
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              Map.of("eta", 0.0),
              Map.of());
      assertThat(problems(generate(prompt("cat"), Optional.empty(), sampling), TEXT))
          .containsExactly(
              "/scheduler/_class_name: needs image and mask_image, because it inpaints a known"
                  + " picture");
    }
  }

  private static Sampling scheduled(Map<String, Object> scheduler, Map<String, Object> arguments) {
    return new Sampling(
        Optional.of(new Steps.Count(4)),
        scheduler,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        arguments,
        Map.of());
  }

  private static RenderRequest generate(Sampling sampling, Size size) {
    return generate(prompt("cat"), Optional.empty(), sampling, DRAWS, Optional.of(size));
  }

  @Test
  void aPackagesEtaIsForTheSamplerThatItNames() throws InvalidPlan {
    Size size = new Size(32, 32);
    for (String own : List.of("ddim", "DDIMScheduler")) {
      Sampling sampling = scheduled(Map.of("_class_name", own), Map.of());
      assertThat(
              PLANNER
                  .plan(generate(sampling, size), TEXT)
                  .effective()
                  .stage()
                  .sampling()
                  .arguments())
          .isEqualTo(Map.of("eta", 0.5, "use_clipped_model_output", false));
    }
    Sampling other = scheduled(Map.of("_class_name", "tcd"), Map.of());
    assertThat(PLANNER.plan(generate(other, size), TEXT).effective().stage().sampling().arguments())
        .isEqualTo(Map.of("eta", 0.0));
    Sampling none = scheduled(Map.of("_class_name", "dpmpp_2m"), Map.of());
    assertThat(PLANNER.plan(generate(none, size), TEXT).effective().stage().sampling().arguments())
        .isEmpty();
  }

  @Test
  void everySamplersDefaultsAreInItsEffectiveRequestWhichPlansToItself() throws InvalidPlan {
    for (SamplerFamily family : Samplers.families()) {
      if (family.className().equals("RePaintScheduler")) {
        continue; // It needs a known picture.
      }
      Map<String, Object> named = Map.of("_class_name", family.className());
      RenderPlan plan = PLANNER.plan(generate(scheduled(named, Map.of()), new Size(32, 32)), TEXT);
      List<String> expected =
          family.arguments().stream().map(Option::key).filter(key -> !key.equals("mu")).toList();
      assertThat(Sampling.ARGUMENTS).containsAll(expected);
      assertThat(plan.effective().stage().sampling().arguments())
          .containsOnlyKeys(expected.toArray(String[]::new));
      RenderPlan again = PLANNER.plan(plan.effective(), TEXT);
      assertThat(again.effective()).isEqualTo(plan.effective());
    }
  }

  @Test
  void theShiftDependsOnThePatchesOfThePicture() throws InvalidPlan {
    Map<String, Object> flow =
        Map.of(
            "_class_name",
            "flow_euler",
            "use_dynamic_shifting",
            true,
            "base_image_seq_len",
            16,
            "max_image_seq_len",
            64);
    // 64 x 32 pixels are 16 x 8 cells of latents, 8 x 4 patches of 2 x 2.
    RenderPlan plan = PLANNER.plan(generate(scheduled(flow, Map.of()), new Size(64, 32)), TEXT);
    Sampling effective = plan.effective().stage().sampling();
    assertThat((double) effective.arguments().get("mu")).isCloseTo(0.5 + 0.65 / 3, within(1e-12));
    assertThat(effective.steps()).contains(new Steps.Sigmas(List.of(1.0, 0.75, 0.5, 0.25)));
    assertThat(plan.steps()).isEqualTo(4);
    RenderPlan again = PLANNER.plan(plan.effective(), TEXT);
    assertThat(again.effective()).isEqualTo(plan.effective());
    Sampling given = scheduled(flow, Map.of("mu", 0.75));
    Sampling asGiven =
        PLANNER.plan(generate(given, new Size(64, 32)), TEXT).effective().stage().sampling();
    assertThat(asGiven.arguments()).isEqualTo(Map.of("mu", 0.75));
    assertThat(asGiven.steps()).contains(new Steps.Count(4));
  }

  @Test
  void argumentsOfOtherSamplersAndWithoutTheirSwitchAreNamed() {
    Size size = new Size(32, 32);
    Map<String, Object> churn = Map.of("s_churn", 1.0, "mu", 1.0);
    assertThat(problems(generate(scheduled(Map.of("_class_name", "ddim"), churn), size), TEXT))
        .containsExactlyInAnyOrder(
            "/s_churn: is not known to DDIMScheduler", "/mu: is not known to DDIMScheduler");
    Map<String, Object> mu = Map.of("mu", 1.0);
    assertThat(problems(generate(scheduled(Map.of("_class_name", "flow_euler"), mu), size), TEXT))
        .containsExactly("/mu: needs use_dynamic_shifting");
    assertThat(problems(generate(scheduled(Map.of("_class_name", "unipc"), mu), size), TEXT))
        .containsExactly("/mu: needs use_flow_sigmas");
    Map<String, Object> flat =
        Map.of("_class_name", "flow_euler", "use_dynamic_shifting", true, "max_image_seq_len", 256);
    assertThat(problems(generate(scheduled(flat, Map.of()), size), TEXT))
        .containsExactly(
            "/mu: must be given with use_dynamic_shifting if the image's size is not known,"
                + " or if max_image_seq_len is not above base_image_seq_len");
  }

  @Test
  void aListedZeroIsTheEndOfTheLastStep() throws InvalidPlan {
    for (List<Double> sigmas : List.of(List.of(5.0, 2.0, 1.0), List.of(5.0, 2.0, 1.0, 0.0))) {
      Sampling listed =
          new Sampling(
              Optional.of(new Steps.Sigmas(sigmas)),
              Map.of("_class_name", "euler"),
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              Map.of(),
              Map.of());
      assertThat(PLANNER.plan(generate(listed, new Size(32, 32)), TEXT).steps()).isEqualTo(3);
    }
  }

  @Test
  void keysWithoutEffectAreWarnedOf() throws InvalidPlan {
    Map<String, Object> stock =
        Map.of(
            "_class_name",
            "LCMScheduler",
            "_diffusers_version",
            "0.22.0",
            "skip_prk_steps",
            true,
            "steps_offset",
            1);
    RenderPlan plan = PLANNER.plan(generate(scheduled(stock, Map.of()), new Size(32, 32)), TEXT);
    assertThat(plan.warnings())
        .containsExactly(
            "/scheduler/skip_prk_steps: is not known to LCMScheduler, is ignored",
            "/scheduler/steps_offset: has no effect with LCMScheduler");
    RenderPlan silent = PLANNER.plan(generate(prompt("cat"), Optional.empty(), SILENT), TEXT);
    assertThat(silent.warnings()).isEmpty();
  }

  @Test
  void eachTextHasItsOwnViolation() {
    Prompts texts = new Prompts(Map.of("negative_prompt", "blurry", "negative_prompt_2", "blurry"));
    assertThat(problems(generate(texts, Optional.of("cat"), SILENT), LABELS))
        .containsExactly(
            "/negative_prompt: must be left out: model reads no texts",
            "/negative_prompt_2: must be left out: model reads no texts");
    assertThat(problems(generate(texts, Optional.empty(), SILENT), TEXT))
        .containsExactly(
            "/prompt: is required for model",
            "/negative_prompt_2: must be left out: text encoders of model: 1");
  }

  @Test
  void allViolationsAreListed() {
    Sampling wrong =
        new Sampling(
            Optional.of(new Steps.Count(101)),
            Map.of("solver_order", 4, "_class_name", "dpmpp_2m", "colour", "red"),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Map.of(),
            Map.of());
    Seeds many = new Seeds(Optional.empty(), List.of(), Seeds.Mode.IMAGE, "torch_cpu", 9);
    RenderRequest request =
        generate(prompt("cat"), Optional.of("dog"), wrong, many, Optional.of(new Size(31, 1000)));
    assertThat(problems(request, LABELS))
        .contains(
            "/num_images: must be 1 to 8 for this worker, is 9",
            "/num_inference_steps: must be 1 to 100 for this worker, is 101",
            "/width: must be a multiple of 2 for model, is 31",
            "/prompt: must be left out: model reads no texts",
            "/class_label: must be a label of model or 0 to 9, is dog")
        .anyMatch(problem -> problem.startsWith("/scheduler/solver_order: "))
        .anyMatch(problem -> problem.startsWith("/scheduler/colour: "))
        .anyMatch(problem -> problem.startsWith("/width: width times height: must be at most"));
  }

  @Test
  void anImageUnderWayAndAllFinishedPicturesMustFitTheHeap() throws InvalidPlan {
    // Of floats: 3 + 2 arrays of 4 x 8 x 8 latents and 3 x 32 x 32 pixels; then both once an image.
    long underWay = 4 * (5 * 256 + 3072);
    long finished = 4 * (256 + 3072);
    Planner planner = boundedTo(underWay + 5 * finished);
    planner.plan(generate(5), TEXT);
    InvalidPlan tooMany =
        catchThrowableOfType(InvalidPlan.class, () -> planner.plan(generate(6), TEXT));
    assertThat(tooMany.kind()).isEqualTo(ErrorClass.CAPACITY);
    assertThat(tooMany.violations())
        .containsExactly(
            new Violation(
                "",
                "bytes of the Java heap for one running image and all finished images: must be"
                    + " at most 83968, are 97280"));
  }

  @Test
  void theArraysThatASamplerKeepsMustFitTheHeap() throws InvalidPlan {
    Sampling unipc = scheduler(Map.of("_class_name", "unipc", "solver_order", 3));
    Planner planner = boundedTo(4 * (5 * 256 + 3072) + 4 * (256 + 3072));
    planner.plan(generate(1), TEXT);
    RenderRequest larger = generate(prompt("cat"), Optional.empty(), unipc);
    assertThat(catchThrowableOfType(InvalidPlan.class, () -> planner.plan(larger, TEXT)).kind())
        .isEqualTo(ErrorClass.CAPACITY);
  }

  @Test
  void anInputPictureMustFitTheHeapTogetherWithItsImage() throws InvalidPlan {
    // 6 arrays of 4 x 64 x 64 numbers, the last one the result; the picture and the one it begins
    // with.
    long underWay = 4 * (6 * 16384);
    long kept = 4 * (16384 + 3 * 256);
    Planner planner = boundedTo(underWay + kept);
    Draft draft = planner.draft(upscale(0, Optional.empty()), LARGER);
    complete(draft, new InputFacts(new Size(16, 16), kept), DeviceCost.NONE);
    for (InputFacts start :
        List.of(new InputFacts(new Size(16, 17), 0), new InputFacts(new Size(16, 16), kept + 1))) {
      InvalidPlan tooLarge =
          catchThrowableOfType(InvalidPlan.class, () -> complete(draft, start, DeviceCost.NONE));
      assertThat(tooLarge.kind()).isEqualTo(ErrorClass.CAPACITY);
      assertThat(tooLarge.violations())
          .singleElement()
          .satisfies(violation -> assertThat(violation.pointer()).isEqualTo("/image"));
    }
  }

  private static RenderPlan complete(Draft draft, InputFacts input, DeviceCost measured)
      throws InvalidPlan {
    return draft.complete(Map.of("/image", input), measured);
  }

  private static Planner boundedTo(long heapBytes) {
    return new Planner(new Limits(1 << 20, 100, 8, Long.MAX_VALUE, Long.MAX_VALUE, heapBytes));
  }

  @Test
  void theTimeOfTheDeviceIsBoundedByMeasuredRows() throws InvalidPlan {
    Planner planner = new Planner(new Limits(1 << 20, 100, 8, Long.MAX_VALUE, 2, Long.MAX_VALUE));
    // A row of 4 x 8 x 8 takes 12.5 ms; 20 steps with guidance are 40 rows an image.
    DeviceCost facts = new DeviceCost(12.5e6 / 256);
    planner.draft(generate(4), TEXT).complete(Map.of(), facts);
    InvalidPlan tooLong =
        catchThrowableOfType(
            InvalidPlan.class, () -> planner.draft(generate(5), TEXT).complete(Map.of(), facts));
    assertThat(tooLong.kind()).isEqualTo(ErrorClass.INVALID);
    assertThat(tooLong.violations())
        .containsExactly(
            new Violation(
                "",
                "predicted seconds of the device: must be at most 2"
                    + " (darkroom.limits.device-seconds), is 2.5 (200 rows of 12.500 ms)"));
    Draft draft = planner.draft(upscale(0, Optional.empty()), LARGER);
    // 20 rows of four times as many elements.
    complete(draft, new InputFacts(new Size(4, 8), 0), facts);
    InvalidPlan largeInput =
        catchThrowableOfType(
            InvalidPlan.class, () -> complete(draft, new InputFacts(new Size(16, 8), 0), facts));
    assertThat(largeInput.violations())
        .containsExactly(
            new Violation(
                "/image",
                "predicted seconds of the device: must be at most 2"
                    + " (darkroom.limits.device-seconds), is 8.0 (20 rows of 400.000 ms)"));
  }

  private static RenderRequest generate(int images) {
    Seeds draws = new Seeds(Optional.empty(), List.of(), Seeds.Mode.IMAGE, "torch_cpu", images);
    return generate(prompt("cat"), Optional.empty(), SILENT, draws, Optional.empty());
  }

  @Test
  void workIsBounded() {
    Seeds eight = new Seeds(Optional.empty(), List.of(), Seeds.Mode.IMAGE, "torch_cpu", 8);
    Sampling long100 =
        new Sampling(
            Optional.of(new Steps.Count(100)),
            Map.of(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Map.of(),
            Map.of());
    RenderRequest request =
        generate(prompt("cat"), Optional.empty(), long100, eight, Optional.of(new Size(64, 64)));
    assertThat(problems(request, TEXT))
        .containsExactly(
            ": evaluations times pixels: must be at most 5000000 (darkroom.limits.work), is"
                + " 6553600");
  }

  @Test
  void aTextModelNeedsAPrompt() {
    assertThat(problems(generate(Prompts.NONE, Optional.of("cat"), SILENT), TEXT))
        .containsExactly(
            "/prompt: is required for model",
            "/class_label: must be left out: model has no classes");
  }

  @Test
  void aModelRejectsTheOtherKindOfRequest() {
    assertThat(problems(generate(prompt("cat"), Optional.empty(), SILENT), LARGER))
        .contains("/kind: must be upscale for model, is generate");
  }

  private static RenderRequest upscale(int noiseLevel, Optional<Tile> tile) {
    StageRequest stage =
        new StageRequest(
            new ModelRef("model", Optional.empty()),
            Prompts.NONE,
            Optional.empty(),
            new Source.Enlarge(Optional.of(new ImageRef.Inline("")), Optional.of(noiseLevel), tile),
            Map.of(),
            ModelArguments.NONE,
            SILENT);
    return new RenderRequest(new JobId("a"), stage, DRAWS, as("npy"), HANDLING);
  }

  @Test
  void anUpscaleIsAsLargeAsItsPictureTimesTheScale() throws InvalidPlan {
    Draft draft = PLANNER.draft(upscale(3, Optional.empty()), LARGER);
    RenderPlan plan = complete(draft, new InputFacts(new Size(15, 9), 0), DeviceCost.NONE);
    assertThat(plan.first().result()).isEqualTo(new Size(60, 36));
    assertThat(plan.first().sample()).isEqualTo(new Shape(4, 36, 60));
    assertThat(plan.effective().stage().source())
        .isEqualTo(
            new Source.Enlarge(
                Optional.of(new ImageRef.Inline("")), Optional.of(3), Optional.empty()));
    InvalidPlan tooLarge =
        catchThrowableOfType(
            InvalidPlan.class,
            () -> complete(draft, new InputFacts(new Size(17, 16), 0), DeviceCost.NONE));
    assertThat(tooLarge.violations())
        .containsExactly(
            new Violation(
                "/image",
                "pixels of the result: must be at most 4096 (darkroom.limits.pixels), is 4352"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void picturesWithOtherChannelsAreTensors(int channels) throws InvalidPlan {
    ModelCard card = card(channels, Space.PIXELS);
    assertThat(PLANNER.plan(written("npy"), card).first().images()).hasSize(1);
    for (String format : List.of("png", "jpeg", "webp")) {
      if (channels == 1 || channels == 3) {
        assertThat(PLANNER.plan(written(format), card).first().images()).hasSize(1);
      } else {
        assertThat(problems(written(format), card))
            .containsExactly(
                "/output/format: must be npy for model, whose results have %d channels, is %s"
                    .formatted(channels, format));
      }
    }
  }

  @Test
  void aWebpPictureHasAtMost16383PixelsPerSide() throws InvalidPlan {
    Planner planner = new Planner(new Limits(1 << 20, 100, 8, 500_000_000));
    ModelCard card = card(3, Space.PIXELS);
    RenderRequest wide = sized(new Size(16_384, 8), "webp");
    InvalidPlan refused = catchThrowableOfType(InvalidPlan.class, () -> planner.plan(wide, card));
    assertThat(refused.violations())
        .containsExactly(
            new Violation(
                "/output/format",
                "webp: width and height of the result must be at most 16383, are 16384 and 8"));
    assertThat(planner.plan(sized(new Size(16_376, 8), "webp"), card).last().result())
        .isEqualTo(new Size(16_376, 8));
    assertThat(planner.plan(sized(new Size(16_384, 8), "png"), card).last().result())
        .isEqualTo(new Size(16_384, 8));
  }

  private static RenderRequest sized(Size size, String format) {
    RenderRequest silent =
        generate(Prompts.NONE, Optional.empty(), SILENT, DRAWS, Optional.of(size));
    return new RenderRequest(silent.id(), silent.stage(), DRAWS, as(format), HANDLING);
  }

  private static RenderRequest written(String format) {
    RenderRequest silent = generate(Prompts.NONE, Optional.empty(), SILENT);
    return new RenderRequest(silent.id(), silent.stage(), DRAWS, as(format), HANDLING);
  }

  private static Output as(String format) {
    return new Output(
        Optional.empty(), Optional.of(format), OptionalInt.empty(), OptionalInt.empty(), false);
  }

  @Test
  void aLearnedVarianceIsRefusedWhereTheNetworkGivesNone() {
    Sampling learned =
        new Sampling(
            Optional.empty(),
            Map.of("_class_name", "ddpm", "variance_type", "learned_range"),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Map.of(),
            Map.of());
    assertThat(problems(generate(Prompts.NONE, Optional.of("cat"), learned), LABELS))
        .containsExactly(
            "/scheduler/variance_type: must not be learned with a network of 3 channels of output"
                + " for 3 of the sample");
  }

  @Test
  void unsupportedFieldsOfAnUpscaleAreNamed() {
    InvalidPlan invalid =
        catchThrowableOfType(
            InvalidPlan.class,
            () -> PLANNER.plan(upscale(41, Optional.of(new Tile(64, 8))), LARGER));
    assertThat(invalid.violations())
        .containsExactly(new Violation("/noise_level", "must be 0 to 40 for model, is 41"));
  }
}
